"""The messages that the model gets, kept byte for byte, and how much of its context window they fill."""

from __future__ import annotations

import json
from typing import Any, Dict, List, Union

from podium.agent.models.delta_state import DeltaState

Content = Union[str, List[dict]]
"""A text, or blocks, where a picture is among them."""

# The state of an agent has at most 8 MiB. From the first size on a conversation is compacted like one that
# fills the context; a picture that would lead beyond the second is left out.
_LARGE_BYTES = 5_000_000
_MAX_BYTES = 7_500_000
_LEFT_OUT = {"type": "text", "text": "[A picture was left out here: the conversation is too long to keep it.]"}
_CHARACTERS_PER_TOKEN = 4
_IMAGE_CHARACTERS = 6_400


class Conversation:
    """The messages are in the agent's state as the texts that are sent, so that the request after a
    restart begins with the bytes of the one before it, which the provider has in its cache."""

    def __init__(self, state: DeltaState):
        self._state = state
        self._messages: List[dict] = [json.loads(text) for text in state.messages]
        self._kept_bytes = sum(map(_kept_bytes, state.messages))
        self._characters_since = sum(map(_length, self._messages[self._last_answer():]))

    def is_empty(self) -> bool:
        return not self._messages

    def begin_with(self, history: List[dict]) -> None:
        """What was said before, where there is no more than its texts."""
        for entry in history:
            if entry.get("content"):
                role = "assistant" if entry.get("role") == "assistant" else "user"
                self._add({"role": role, "content": str(entry["content"])})

    def set_system(self, text: str) -> None:
        """Stays as it is until the next compaction: another beginning would make the cache useless."""
        self._state.system = text

    def request(self, head: Dict[str, Any], tail: Dict[str, Any], *more: dict) -> bytes:
        """The body of a request, with `more` messages that are not kept. What may change from one request
        to the next comes behind the messages."""
        system = _encoded({"role": "system", "content": self._state.system})
        messages = [system, *self._state.messages, *map(_encoded, more)]
        begin, end = _encoded(head)[:-1], _encoded(tail)[1:]
        return f'{begin},"messages":[{",".join(messages)}],{end}'.encode("utf-8")

    def messages(self) -> List[dict]:
        return list(self._messages)

    def add_user(self, content: Content) -> None:
        self._add({"role": "user", **_content(content)})

    def add_assistant(self, blocks: List[dict]) -> None:
        if blocks:
            self._add({"role": "assistant", "content_blocks": blocks})

    def add_tool_result(self, call_id: str, content: Content, is_error: bool = False) -> None:
        failed = {"is_error": True} if is_error else {}
        self._add({"role": "tool", "tool_call_id": call_id, **_content(content), **failed})

    def settle(self, note: str) -> None:
        """Answers the calls of an unfinished step: providers refuse a call without its result."""
        answered = {m["tool_call_id"] for m in self._messages if m["role"] == "tool"}
        last = next((m for m in reversed(self._messages) if m["role"] == "assistant"), {})
        for block in last.get("content_blocks", []):
            if block["type"] == "tool_call" and block["tool_call"]["id"] not in answered:
                self.add_tool_result(block["tool_call"]["id"], note, is_error=True)

    def replace(self, content: str) -> None:
        """One message of the user instead of all that was said."""
        message = {"role": "user", "content": content}
        self._messages = [message]
        self._state.messages = [_encoded(message)]
        self._kept_bytes = _kept_bytes(self._state.messages[0])
        self._state.used_tokens = 0
        self._characters_since = _length(message) + len(self._state.system)

    def measured(self, used_tokens: int) -> None:
        """The model's own count replaces the estimate of everything up to now."""
        self._state.used_tokens = used_tokens
        self._characters_since = 0

    def estimated_tokens(self) -> int:
        return self._state.used_tokens + self._characters_since // _CHARACTERS_PER_TOKEN

    def is_too_large_to_keep(self) -> bool:
        return self._kept_bytes > _LARGE_BYTES

    def _last_answer(self) -> int:
        roles = [message["role"] for message in self._messages]
        return len(roles) - roles[::-1].index("assistant") if "assistant" in roles else 0

    def _add(self, message: dict) -> None:
        text = _encoded(message)
        if self._kept_bytes + _kept_bytes(text) > _MAX_BYTES:
            text = _encoded(_without_pictures(message))
        self._kept_bytes += _kept_bytes(text)
        self._messages.append(json.loads(text))
        self._state.messages.append(text)
        self._characters_since += _length(message)


def text_of(message: dict) -> str:
    """All text of a message, without thoughts and calls."""
    content = message.get("content")
    if isinstance(content, str):
        return content
    return "\n".join(b["text"] for b in message.get("content_blocks", []) if b["type"] == "text" and b.get("text"))


def _content(content: Content) -> dict:
    return {"content": content} if isinstance(content, str) else {"content_blocks": content}


def _encoded(value: Any) -> str:
    # Half a surrogate pair, as tools may print it, travels as a JSON escape only.
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return text.encode("utf-8", errors="backslashreplace").decode("utf-8")


def _length(message: dict) -> int:
    content = message.get("content")
    if isinstance(content, str):
        return len(content)
    return sum(
        _IMAGE_CHARACTERS if block["type"] == "image" else len(json.dumps(block, ensure_ascii=False))
        for block in message.get("content_blocks") or [])


def _kept_bytes(text: str) -> int:
    """In the state's file the text is a string of JSON."""
    return len(text.encode("utf-8")) + text.count('"') + text.count("\\")


def _without_pictures(message: dict) -> dict:
    blocks = message.get("content_blocks")
    if not blocks:
        return message
    return {**message, "content_blocks": [_LEFT_OUT if b["type"] == "image" else b for b in blocks]}
