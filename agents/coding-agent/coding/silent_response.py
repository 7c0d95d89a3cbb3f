"""An answer of the model that is for the agent itself: the user sees nothing of it."""

from __future__ import annotations

from typing import Any, Dict, List


class SilentResponse:
    def __init__(self) -> None:
        self._done: Dict[str, Any] = {}

    async def take(self, block: dict) -> None:
        """`done` repeats it."""

    async def finish(self, done: dict) -> None:
        self._done = done

    async def withdraw(self) -> None:
        """There is nothing to take back."""

    def is_shown(self) -> bool:
        return False

    @property
    def text(self) -> str:
        blocks: List[dict] = self._done.get("blocks") or []
        return "".join(block.get("text") or "" for block in blocks if block.get("type") == "text").strip()
