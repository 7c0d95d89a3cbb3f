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
    """Lines are decoded whole, so a character split over two pieces is put together first."""

    def __init__(self) -> None:
        self._rest = b""
        self._name = ""
        self._data: List[str] = []
        self._data_bytes = 0

    def feed(self, piece: bytes) -> Iterator[ServerEvent]:
        self._rest += piece
        if len(self._rest) + self._data_bytes > MAX_BUFFERED_BYTES:
            raise EventTooLarge(f"an event is larger than {MAX_BUFFERED_BYTES} bytes")
        if b"\n" not in piece:
            return
        *lines, self._rest = self._rest.split(b"\n")
        for line in lines:
            text = line.rstrip(b"\r").decode("utf-8", errors="replace")
            if text:
                self._take_line(text)
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
