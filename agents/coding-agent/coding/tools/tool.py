"""What a tool is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Awaitable, Callable, Dict, NamedTuple, Optional, TYPE_CHECKING, Union

from coding.output_limit import Limited

if TYPE_CHECKING:
    from coding.tools.background import BackgroundCommands
    from coding.workspace import Workspace
    from podium.agent import AgentContext


@dataclass(frozen=True)
class ToolCall:
    id: str
    arguments: Dict[str, Any]
    workspace: "Workspace"
    ctx: "AgentContext"
    background: "BackgroundCommands"


def _trusted(call: ToolCall) -> Optional[str]:
    return None


class Picture(NamedTuple):
    """What a tool shows to a model that can see."""

    description: str
    media_type: str
    data_base64: str

    def block(self) -> dict:
        source = {"type": "base64", "media_type": self.media_type, "data": self.data_base64}
        return {"type": "image", "source": source}


@dataclass(frozen=True)
class Tool:
    name: str
    description: str
    parameters: Dict[str, Any]
    run: Callable[[ToolCall], Awaitable[Union[str, Limited, Picture]]]
    """Output of any length; it is cut by the runner unless the tool has limited it itself."""
    needs_permission: Callable[[ToolCall], Optional[str]] = _trusted
    """The reason to ask the user, or None. May refuse the call altogether with a ToolError."""
    edits: bool = False
    """Changes files of the workspace, and nothing else."""
    in_plan_mode: bool = False
    """May run where only a plan is wanted, as what only reads may."""
    only_reads: bool = False
    """Changes nothing and asks nothing: may run together with others like it."""
    runs_beside: bool = False
    """May run together with others, though it may change something."""
    checks_itself: bool = False
    """Its schema may be more than the part of JSON Schema that is checked here, and its server checks the call."""
