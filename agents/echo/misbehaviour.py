"""Commands that break the protocol or the machine, as a hostile agent would, but within limits."""

from __future__ import annotations

import asyncio
import os
import signal
import struct
import time
from typing import List

from podium.agent import AgentContext

_MAX_FORKS = 2000
_FORK_SECONDS = 20.0
_HANG_SECONDS = 3600.0


async def garbage(ctx: AgentContext, rest: str) -> None:
    # A length that is allowed, so that the receiver gets to see that the body is not UTF-8.
    body = b"\xff" + os.urandom(255)
    await ctx.connection.send_bytes(struct.pack("<I", len(body)) + body)
    await asyncio.sleep(_HANG_SECONDS)


async def huge_frame(ctx: AgentContext, rest: str) -> None:
    await ctx.connection.send_bytes(struct.pack("<I", 200 * 1024 * 1024) + b"{" + b" " * 65536)
    await asyncio.sleep(_HANG_SECONDS)


async def hang(ctx: AgentContext, rest: str) -> None:
    """Blocks the event loop itself, so that no interrupt, shutdown or SIGTERM is ever seen."""
    await ctx.send_message("hanging")
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    end = time.monotonic() + _HANG_SECONDS
    while time.monotonic() < end:
        time.sleep(1)


async def fork_bomb(ctx: AgentContext, rest: str) -> None:
    """Every child lives until the common end, so that a limit on processes is really reached."""
    end = time.monotonic() + _FORK_SECONDS
    children: List[int] = []
    refused = ""
    try:
        while len(children) < _MAX_FORKS and time.monotonic() < end:
            try:
                child = os.fork()
            except OSError as error:
                refused = f", then: {error.strerror}"
                break
            if child == 0:
                _sleep_and_exit(end)
            children.append(child)
            await asyncio.sleep(0)
    finally:
        for child in children:
            os.kill(child, signal.SIGKILL)
        for child in children:
            os.waitpid(child, 0)
    reply = await ctx.send_message(f"forked {len(children)} processes{refused}")
    await reply.finish()


def _sleep_and_exit(end: float) -> None:
    # The loop's signal handling must not survive in the child: it shares the parent's wake-up socket.
    signal.set_wakeup_fd(-1)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    time.sleep(max(0.0, end - time.monotonic()))
    os._exit(0)
