"""Makes room in the context: a summary by the model takes the place of what was said."""

from __future__ import annotations

import json
from typing import Callable, List, Optional

from coding.conversation import Conversation, text_of
from coding.model_call import ModelCall
from coding.model_limits import ModelLimits
from coding.output_limit import cut
from coding.silent_response import SilentResponse
from podium.agent import AgentContext
from podium.ensemble import EnsembleError

_SUMMARY_TOKENS = 4096
_OWN_WORDS = 8_000
_ATTEMPTS = 4
_CHARACTERS_PER_TOKEN = 4
_REQUEST = (
    "The conversation is about to be replaced by a summary, to make room. Write that summary now, as text, "
    "without calling a tool. Another engineer must be able to go on from it alone. Say: what the user wants, "
    "with every constraint in the user's own words; what was done, with the paths of the files that were "
    "read, changed or made; what was found out (commands and their results, errors, decisions and why); "
    "what is still open, and the next step.")
_HEAD = "[What was said so far was replaced by this summary to make room.]"
_WORDS = "[The user's latest messages, word for word:]"
_GO_ON = "[Go on from where the work stopped. Read a file again before you change it.]"


class Compaction:
    def __init__(self, ctx: AgentContext, conversation: Conversation, limits: ModelLimits):
        self._ctx = ctx
        self._conversation = conversation
        self._limits = limits

    async def run(
        self, reason: str, request: Callable[..., bytes], wish: str = "", goes_on: bool = True
    ) -> None:
        """`reason` is `full`, `too_long` or `requested`; `request` makes the body of a request of the whole
        conversation, from what comes behind the messages and one more message; `wish` is what the user wants the summary to keep."""
        before = self._conversation.estimated_tokens()
        order = f"{_REQUEST}\n\nThe user asks for this: {wish}" if wish else _REQUEST
        summary = None
        if reason != "too_long":
            summary = await self._of_the_conversation(order, request)
        if not summary:
            summary = await self._of_a_record(order)
        words = _latest_words(self._conversation.messages())
        parts = [_HEAD, summary, *([_WORDS, words] if words else []), *([_GO_ON] if goes_on else [])]
        self._conversation.replace("\n\n".join(parts))
        await self._ctx.context_compacted(reason, before, self._conversation.estimated_tokens())

    async def _of_the_conversation(self, order: str, request: Callable[..., bytes]) -> Optional[str]:
        """Begins with the bytes of the request before it, which the provider has in its cache."""
        tail = {"max_tokens": self._summary_tokens()}
        try:
            return await self._ask(request(tail, {"role": "user", "content": order}))
        except EnsembleError as error:
            if error.code != "CONTEXT_TOO_LONG":
                raise
            return None

    async def _of_a_record(self, order: str) -> str:
        """Where the conversation itself is too long to be sent, a shortened record of it is."""
        record = _record(self._conversation.messages())
        room = self._limits.window * _CHARACTERS_PER_TOKEN // 2
        for _ in range(_ATTEMPTS):
            content = f"{order}\n\nThe conversation:\n\n{cut(record, room).text}"
            try:
                answer = await self._ask(json.dumps({
                    "model": self._ctx.get_config("model", "demo"),
                    "messages": [{"role": "user", "content": content}],
                    "max_tokens": self._summary_tokens()}).encode("utf-8"))
                if answer:
                    return answer
            except EnsembleError as error:
                if error.code != "CONTEXT_TOO_LONG":
                    raise
            room //= 2
        # A session must not end here: the record's own beginning and end say at least something.
        return cut(record, max(2_000, room)).text

    async def _ask(self, body: bytes) -> str:
        call = ModelCall(self._ctx, SilentResponse)
        return (await call.run(body)).text

    def _summary_tokens(self) -> int:
        return min(_SUMMARY_TOKENS, self._limits.output, max(256, self._limits.window // 8))


def _latest_words(messages: List[dict]) -> str:
    """What the user wrote last, as far as it is short; a summary of an earlier one is not the user's."""
    words: List[str] = []
    room = _OWN_WORDS
    for message in reversed(messages):
        if message["role"] != "user":
            continue
        text = text_of(message)
        if text.startswith(_HEAD) or (words and len(text) > room):
            break
        words.insert(0, cut(text, room).text)
        room -= len(text)
        if room <= 0:
            break
    return "\n\n".join(words)


def _record(messages: List[dict]) -> str:
    lines = []
    for message in messages:
        text = text_of(message)
        if message["role"] == "tool":
            lines.append(f"Result: {cut(text, 1_000).text}")
            continue
        if text:
            lines.append(f"{'Assistant' if message['role'] == 'assistant' else 'User'}: {text}")
        for block in message.get("content_blocks", []):
            if block["type"] == "tool_call":
                call = block["tool_call"]
                lines.append(f"Call of {call['name']}: {cut(json.dumps(call['arguments']), 500).text}")
    return "\n".join(lines)
