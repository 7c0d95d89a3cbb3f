"""A process with all it started, ended together."""

from __future__ import annotations

import asyncio
import signal
import time

from podium import children

# Long enough for a program to remove its lock files, short enough for an interrupt: an agent that does
# not answer one within a second is ended.
TERM_SECONDS = 0.5
_LOOK_SECONDS = 0.02


class Group:
    def __init__(self, pid: int):
        """`pid` leads the group: it was started with `start_new_session`."""
        self._pid = pid
        children.track_group(pid)

    async def end(self) -> None:
        """Asks, waits, kills. A group that is gone already costs nothing."""
        children.signal_group(self._pid, signal.SIGTERM)
        try:
            limit = time.monotonic() + TERM_SECONDS
            while children.group_is_alive(self._pid) and time.monotonic() < limit:
                await asyncio.sleep(_LOOK_SECONDS)
        finally:
            # Also when this coroutine is cancelled itself: nothing may stay behind.
            children.signal_group(self._pid, signal.SIGKILL)
            children.forget_group(self._pid)

    def release(self) -> None:
        """After an orderly end: what still runs in the background lives until the agent ends."""
        if not children.group_is_alive(self._pid):
            children.forget_group(self._pid)
