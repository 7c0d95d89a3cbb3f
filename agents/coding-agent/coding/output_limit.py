"""Keeps the head and the tail of a long output, in bounded memory, and says what is missing."""

from __future__ import annotations

from collections import deque
from typing import Deque, NamedTuple

LIMIT = 30_000


class Limited(NamedTuple):
    text: str
    truncated: bool


class OutputBuffer:
    def __init__(self, limit: int = LIMIT):
        self._head_limit = limit // 2
        self._tail_limit = limit - self._head_limit
        self._head = ""
        self._tail: Deque[str] = deque()
        self._tail_length = 0
        self._dropped = 0

    def add(self, text: str) -> None:
        room = self._head_limit - len(self._head)
        if room > 0:
            self._head += text[:room]
            text = text[room:]
        if text:
            self._tail.append(text)
            self._tail_length += len(text)
            self._drop_surplus()

    def _drop_surplus(self) -> None:
        surplus = self._tail_length - self._tail_limit
        while surplus > 0:
            first = self._tail.popleft()
            if len(first) > surplus:
                self._tail.appendleft(first[surplus:])
            gone = min(len(first), surplus)
            self._tail_length -= gone
            self._dropped += gone
            surplus -= gone

    def result(self) -> Limited:
        tail = "".join(self._tail)
        if not self._dropped:
            return Limited(self._head + tail, False)
        return Limited(f"{self._head}\n[… {self._dropped} characters cut …]\n{tail}", True)


def cut(text: str, limit: int = LIMIT) -> Limited:
    buffer = OutputBuffer(limit)
    buffer.add(text)
    return buffer.result()
