"""What the model is told: the messages, and how much of its context they fill."""

from __future__ import annotations

import json
from typing import Any, List

FULL = 0.9
# Shrinking well below the mark keeps the next steps from changing the prompt's beginning again,
# which would make the provider's cache useless.
_ROOMY = 0.7
_CHARACTERS_PER_TOKEN = 4
_REMOVED = "[This earlier tool result was removed to save space. Run the tool again if you need it.]"


class Conversation:
    def __init__(self, history: List[dict]):
        self._system = ""
        self._messages: List[dict] = []
        self._used_tokens = 0
        self._characters_since = 0
        for entry in history:
            if entry.get("content"):
                role = "assistant" if entry.get("role") == "assistant" else "user"
                self._add({"role": role, "content": str(entry["content"])})

    def set_system(self, text: str) -> None:
        self._system = text

    def messages(self) -> List[dict]:
        return [{"role": "system", "content": self._system}, *self._messages]

    def add_user(self, text: str) -> None:
        self._add({"role": "user", "content": text})

    def add_assistant(self, blocks: List[dict]) -> None:
        if blocks:
            self._add({"role": "assistant", "content_blocks": blocks})

    def add_tool_result(self, call_id: str, content: str) -> None:
        self._add({"role": "tool", "tool_call_id": call_id, "content": content})

    def settle(self, note: str) -> None:
        """Answers the calls of an unfinished step: providers refuse a call without its result."""
        answered = {m["tool_call_id"] for m in self._messages if m["role"] == "tool"}
        last = next((m for m in reversed(self._messages) if m["role"] == "assistant"), {})
        for block in last.get("content_blocks", []):
            if block["type"] == "tool_call" and block["tool_call"]["id"] not in answered:
                self.add_tool_result(block["tool_call"]["id"], note)

    def measured(self, used_tokens: int) -> None:
        """The model's own count replaces the estimate of everything up to now."""
        self._used_tokens = used_tokens
        self._characters_since = 0

    def estimated_tokens(self) -> int:
        return self._used_tokens + self._characters_since // _CHARACTERS_PER_TOKEN

    def shrink(self, window: int) -> None:
        """Near the end of the context, the oldest tool results make room for what is to come."""
        if self.estimated_tokens() < window * FULL:
            return
        for message in self._messages[: self._last_step()]:
            if self.estimated_tokens() < window * _ROOMY:
                return
            if message["role"] == "tool" and len(message["content"]) > len(_REMOVED):
                self._characters_since -= len(message["content"]) - len(_REMOVED)
                message["content"] = _REMOVED

    def _last_step(self) -> int:
        """The model has not seen the results behind its last message yet: they stay."""
        roles = [message["role"] for message in self._messages]
        return len(roles) - roles[::-1].index("assistant") if "assistant" in roles else 0

    def _add(self, message: dict) -> None:
        self._messages.append(message)
        self._characters_since += _length(message)


def _length(message: dict) -> int:
    content: Any = message.get("content")
    return len(content) if isinstance(content, str) else len(json.dumps(message.get("content_blocks")))
