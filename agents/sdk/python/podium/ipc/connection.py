"""One open socket to the coordinator."""

from __future__ import annotations

import asyncio
import socket
from typing import Optional

from podium.ipc import frames


class Connection:
    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter):
        self._reader = reader
        self._writer = writer
        # Before Python 3.11 two tasks must not wait in drain() at the same time.
        self._draining = asyncio.Lock()

    @classmethod
    async def open(cls, path: str) -> "Connection":
        return cls(*await asyncio.open_unix_connection(path))

    @property
    def socket(self) -> socket.socket:
        return self._writer.get_extra_info("socket")

    async def receive(self) -> Optional[dict]:
        try:
            return await frames.read(self._reader)
        except OSError:
            return None

    def post(self, message: dict) -> None:
        """Writes without waiting: for the few frames that are made outside a coroutine."""
        self._writer.write(frames.encode(message))

    async def send(self, message: dict) -> None:
        """Writes and waits while the coordinator is slower than the agent."""
        await self.send_bytes(frames.encode(message))

    async def send_bytes(self, data: bytes) -> None:
        self._writer.write(data)
        async with self._draining:
            try:
                await self._writer.drain()
            except OSError:
                # The reader sees the same end and ends the agent; a turn in the middle of its
                # work has nobody left to be told.
                pass

    async def close(self) -> None:
        self._writer.close()
        try:
            await self._writer.wait_closed()
        except OSError:
            pass
