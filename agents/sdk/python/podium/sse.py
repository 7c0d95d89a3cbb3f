"""Reads server-sent events from bytes that arrive in any pieces."""

from __future__ import annotations

from typing import Iterator, List, NamedTuple

MAX_BUFFERED_BYTES = 64 * 1024 * 1024


class ServerEvent(NamedTuple):
    name: str
    data: str


class EventTooLarge(Exception):
    """One event does not end; reading on would only fill the memory."""


class EventParser:
    """Lines end with CR, LF or CRLF, and are decoded whole: a character split over two pieces is put together first."""

    def __init__(self) -> None:
        self._rest = b""
        self._begun = False
        self._ends_with_return = False
        self._name = ""
        self._data: List[str] = []
        self._data_bytes = 0

    def feed(self, piece: bytes) -> Iterator[ServerEvent]:
        # The line end that a CR has begun may go on in the next piece.
        text = piece[1:] if self._ends_with_return and piece.startswith(b"\n") else piece
        if piece:
            self._ends_with_return = piece.endswith(b"\r")
        self._rest += text
        if len(self._rest) + self._data_bytes > MAX_BUFFERED_BYTES:
            raise EventTooLarge(f"an event is larger than {MAX_BUFFERED_BYTES} bytes")
        if b"\n" not in text and b"\r" not in text:
            return
        lines = self._rest.splitlines()
        self._rest = b"" if text.endswith((b"\n", b"\r")) else lines.pop()
        for line in lines:
            yield from self._line(line.decode("utf-8", errors="replace"))

    def _line(self, text: str) -> Iterator[ServerEvent]:
        line = text if self._begun else text.removeprefix("\ufeff")
        self._begun = True
        if line:
            self._take_line(line)
        elif self._data:
            yield self._finish()
        else:
            self._name = ""

    def _take_line(self, line: str) -> None:
        field, _, value = line.partition(":")
        if value.startswith(" "):
            value = value[1:]
        if field == "event":
            self._name = value
        elif field == "data":
            self._data.append(value)
            self._data_bytes += len(value)

    def _finish(self) -> ServerEvent:
        event = ServerEvent(self._name or "message", "\n".join(self._data))
        self._name, self._data, self._data_bytes = "", [], 0
        return event
