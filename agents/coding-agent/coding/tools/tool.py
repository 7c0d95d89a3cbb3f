"""What a tool is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Awaitable, Callable, Dict, Optional, TYPE_CHECKING, Union

from coding.output_limit import Limited

if TYPE_CHECKING:
    from coding.workspace import Workspace
    from podium.agent import AgentContext


@dataclass(frozen=True)
class ToolCall:
    id: str
    arguments: Dict[str, Any]
    workspace: "Workspace"
    ctx: "AgentContext"


def _trusted(call: ToolCall) -> Optional[str]:
    return None


@dataclass(frozen=True)
class Tool:
    name: str
    description: str
    parameters: Dict[str, Any]
    run: Callable[[ToolCall], Awaitable[Union[str, Limited]]]
    """Output of any length; it is cut by the runner unless the tool has limited it itself."""
    needs_permission: Callable[[ToolCall], Optional[str]] = _trusted
    """The reason to ask the user, or None. May refuse the call altogether with a ToolError."""
