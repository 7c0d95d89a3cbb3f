"""The trace that the work on a message belongs to (https://www.w3.org/TR/trace-context/)."""

from __future__ import annotations

import contextvars
import re
from typing import Any, Optional

_FORM = re.compile(r"[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}")

# Tasks that a turn begins inherit it.
_traceparent: "contextvars.ContextVar[Optional[str]]" = contextvars.ContextVar("traceparent", default=None)


def begin(traceparent: Any) -> None:
    """What is done from now on belongs to this trace; to none where it is no `traceparent`."""
    known = isinstance(traceparent, str) and _FORM.fullmatch(traceparent)
    _traceparent.set(traceparent if known else None)


def current() -> Optional[str]:
    """The value of the header `traceparent` for what a message causes; None where nothing is traced."""
    return _traceparent.get()
