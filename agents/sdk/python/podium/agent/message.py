"""One passage of text that the user sees growing."""

from __future__ import annotations

from typing import List, TYPE_CHECKING

if TYPE_CHECKING:
    from podium.agent.context import AgentContext


# A character takes up to six bytes as JSON; both limits keep a frame well under its 16 MiB.
_PIECE_CHARACTERS = 1_000_000
_KEPT_CHARACTERS = 2_000_000
_CUT = "\n[… cut: the passage is too long to be kept whole …]"


class Message:
    def __init__(self, ctx: "AgentContext", continues: bool = False):
        """`continues` says that it goes on where the passage before it was cut."""
        self._ctx = ctx
        self.continues = continues
        self._pieces: List[str] = []
        self._kept = 0
        self._finished = False

    @property
    def text(self) -> str:
        return "".join(self._pieces) + (_CUT if self._kept > _KEPT_CHARACTERS else "")

    async def stream_token(self, text: str, final: bool = False) -> None:
        if self._finished:
            raise RuntimeError("the message is finished; begin another one with ctx.send_message")
        for start in range(0, len(text), _PIECE_CHARACTERS):
            piece = text[start:start + _PIECE_CHARACTERS]
            self._keep(piece)
            await self._ctx.emit("text_delta", text=piece)
        if final:
            await self.finish()

    def _keep(self, piece: str) -> None:
        """Before the piece is sent: an interrupt may come while it is on its way."""
        room = _KEPT_CHARACTERS - self._kept
        if room > 0:
            self._pieces.append(piece[:room])
        self._kept += len(piece)

    async def finish(self) -> None:
        """Stores the passage. Calling it again, or on an empty passage, does nothing."""
        if self._finished:
            return
        self._finished = True
        if self._pieces:
            await self._ctx.emit("text_final", text=self.text)
