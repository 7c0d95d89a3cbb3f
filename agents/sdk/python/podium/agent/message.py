"""One passage of text that the user sees growing."""

from __future__ import annotations

from typing import List, TYPE_CHECKING

if TYPE_CHECKING:
    from podium.agent.context import AgentContext


class Message:
    def __init__(self, ctx: "AgentContext"):
        self._ctx = ctx
        self._pieces: List[str] = []
        self._finished = False

    @property
    def text(self) -> str:
        return "".join(self._pieces)

    async def stream_token(self, text: str, final: bool = False) -> None:
        if self._finished:
            raise RuntimeError("the message is finished; begin another one with ctx.send_message")
        if text:
            self._pieces.append(text)
            await self._ctx.emit("text_delta", text=text)
        if final:
            await self.finish()

    async def finish(self) -> None:
        """Stores the passage. Calling it again, or on an empty passage, does nothing."""
        if self._finished:
            return
        self._finished = True
        if self._pieces:
            await self._ctx.emit("text_final", text=self.text)
