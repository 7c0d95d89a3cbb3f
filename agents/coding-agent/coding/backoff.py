"""When to repeat a model call that failed, and when to give up."""

from __future__ import annotations

import random
import time
from typing import Callable, Optional

LONGEST_SECONDS = 300.0
FIRST_SECONDS = 1.0
_LONGEST_PAUSE = 30.0


class Backoff:
    """The pauses of one model call: 1, 2, 4 … 30 s, each up to a quarter longer, five minutes in all."""

    def __init__(
        self,
        seconds: float = LONGEST_SECONDS,
        first: float = FIRST_SECONDS,
        clock: Callable[[], float] = time.monotonic,
    ):
        self._seconds = seconds
        self._next = first
        self._clock = clock
        self._since: Optional[float] = None
        self.attempt = 0

    def pause(self, asked_seconds: float) -> Optional[float]:
        """Seconds to wait after one more failure, at least what the provider asked for. None when that
        would take longer than all pauses together may."""
        now = self._clock()
        self._since = now if self._since is None else self._since
        # Agents that failed together do not all come back together.
        pause = max(asked_seconds, self._next * random.uniform(1, 1.25))
        if now + pause - self._since > self._seconds:
            return None
        self._next = min(self._next * 2, _LONGEST_PAUSE)
        self.attempt += 1
        return pause
