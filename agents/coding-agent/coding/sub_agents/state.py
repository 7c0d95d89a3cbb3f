"""What a sub-agent keeps while it works: its own conversation, the parent's permissions."""

from __future__ import annotations

from typing import Any, Dict, List


class SubAgentState:
    """Nothing of it outlives the turn but what the user grants: that holds for the whole session."""

    def __init__(self, parent: Any):
        self._parent = parent
        self.messages: List[str] = []
        self.system = ""
        self.used_tokens = 0
        self.told_below: Dict[str, str] = {}

    @property
    def grants(self) -> list:
        return self._parent.grants

    @property
    def mode(self) -> str:
        return self._parent.mode

    @property
    def effort(self) -> str:
        return self._parent.effort
