"""One answer of the model: shown while it comes, then kept whole."""

from __future__ import annotations

import json
from typing import Any, Dict, List, NamedTuple, Optional, Set

from podium.agent import AgentContext
from podium.agent.message import Message


class Call(NamedTuple):
    id: str
    name: str
    arguments: Optional[dict]
    """None when the model wrote something that is not a JSON object."""
    raw: str


class Response:
    def __init__(self, ctx: AgentContext, continues: bool = False):
        """`continues` says that the text goes on where the answer before it was cut."""
        self._ctx = ctx
        self._continues = continues
        self._passage: Optional[Message] = None
        self._passages: List[Message] = []
        self._thinking = False
        self._shown = False
        self._announced: Dict[str, str] = {}
        self._complete: Set[str] = set()
        self._done: Dict[str, Any] = {}

    async def take(self, block: dict) -> None:
        kind = block.get("type")
        self._shown = self._shown or bool(block.get("text")) or str(kind).startswith("tool_call")
        if kind == "text":
            await self._text(str(block.get("text") or ""))
        elif kind == "thinking":
            await self._think(str(block.get("text") or ""))
        elif kind in ("tool_call_start", "tool_call_delta", "tool_call"):
            await self._end_passage()
            await self._tool_call(kind, block.get("tool_call") or {})

    async def finish(self, done: dict) -> None:
        """`done` repeats everything; calls that were not streamed are shown now."""
        await self._end_passage()
        self._done = done
        for call in self.calls():
            if call.id not in self._complete:
                await self._show_call(call)

    def is_shown(self) -> bool:
        """Whether the user has seen a part of this answer."""
        return self._shown

    async def withdraw(self) -> None:
        """Takes back what was shown of an answer that the model begins again."""
        await self._end_thinking()
        for message in self._shown_messages():
            self._ctx.withdraw(message)
        self._passage, self._passages = None, []
        # A call that was only begun is withdrawn with the text; one that was shown whole gets its one result.
        for call_id in self._complete:
            await self._ctx.tool_error(call_id, "NOT_RUN", "the answer was cut off, and the model begins it again")

    async def _text(self, text: str) -> None:
        if not text:
            return
        await self._end_thinking()
        if self._passage is None:
            self._passage = await self._ctx.send_message("", continues=self._continues)
            self._continues = False
        await self._passage.stream_token(text)

    async def _think(self, text: str) -> None:
        # A piece may carry only a signature; there is nothing in it to show.
        if not text:
            return
        if not self._thinking:
            await self._end_passage()
            self._thinking = True
            await self._ctx.thinking_start()
        await self._ctx.thinking(text)

    async def _tool_call(self, kind: str, data: dict) -> None:
        call_id = str(data.get("id"))
        if kind == "tool_call":
            await self._show_call(_call(data))
        elif kind == "tool_call_start":
            await self._announce(call_id, str(data.get("name")))
        elif data.get("raw_arguments"):
            await self._ctx.tool_call_delta(call_id, data["raw_arguments"])

    async def _announce(self, call_id: str, name: str) -> None:
        if call_id not in self._announced:
            self._announced[call_id] = name
            await self._ctx.tool_call_start(call_id, name)

    async def _show_call(self, call: Call) -> None:
        await self._announce(call.id, call.name)
        self._complete.add(call.id)
        if call.arguments is not None:
            await self._ctx.tool_call(call.id, call.name, call.arguments)

    async def _end_passage(self) -> None:
        await self._end_thinking()
        if self._passage is not None:
            await self._passage.finish()
            self._passages.append(self._passage)
            self._passage = None

    async def _end_thinking(self) -> None:
        if self._thinking:
            self._thinking = False
            await self._ctx.thinking_complete()

    def calls(self) -> List[Call]:
        return [_call(b.get("tool_call") or {}) for b in self._blocks() if b.get("type") == "tool_call"]

    def unfinished_calls(self) -> List[str]:
        """Shown to the user as begun, but not part of the whole answer."""
        return [call_id for call_id in self._announced if call_id not in {c.id for c in self.calls()}]

    def history_blocks(self) -> List[dict]:
        return [kept for kept in map(_for_history, self._blocks()) if kept is not None]

    def partial_blocks(self) -> List[dict]:
        """What the user saw of an answer that was stopped. Half a thought or half a call is no use."""
        return [{"type": "text", "text": message.text} for message in self._shown_messages() if message.text]

    def _shown_messages(self) -> List[Message]:
        return self._passages + ([self._passage] if self._passage is not None else [])

    @property
    def finish_reason(self) -> str:
        return str(self._done.get("finish_reason") or "end_turn")

    @property
    def used_tokens(self) -> int:
        # Ensemble counts a cached token apart, and it fills the window like any other.
        kinds = ("input_tokens", "cached_tokens", "cache_write_tokens", "output_tokens")
        return sum(int(self._done.get(kind) or 0) for kind in kinds)

    def has_text(self) -> bool:
        return any(message.text for message in self._passages)

    def _blocks(self) -> List[dict]:
        return [block for block in self._done.get("blocks") or [] if isinstance(block, dict)]


def _call(data: dict) -> Call:
    raw = data.get("raw_arguments")
    arguments = data.get("arguments")
    if arguments is None and raw is not None and not raw.strip():
        # Models leave the text empty when a tool needs no arguments.
        arguments = {}
    return Call(
        str(data.get("id")), str(data.get("name")), arguments if isinstance(arguments, dict) else None,
        raw if isinstance(raw, str) else json.dumps(arguments))


def _for_history(block: dict) -> Optional[dict]:
    if block.get("type") == "tool_call":
        call = _call(block.get("tool_call") or {})
        # Providers want an object back; the tool's result tells the model that it sent something else.
        said = {"id": call.id, "name": call.name, "arguments": call.arguments or {}}
        if call.arguments is not None:
            # Word for word, so that the provider recognises the prompt it has in its cache.
            said["raw_arguments"] = call.raw
        kept = {"type": "tool_call", "tool_call": said}
        # What the provider wants back with the call, for example the signature of its reasoning.
        return {**kept, "opaque": block["opaque"]} if block.get("opaque") else kept
    if block.get("type") == "text" and not block.get("text") and not block.get("opaque"):
        return None
    return dict(block)
