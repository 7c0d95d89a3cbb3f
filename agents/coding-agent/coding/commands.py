"""What a user says to the agent itself, as a message that begins with a slash."""

from __future__ import annotations

from typing import NamedTuple, Optional

EFFORTS = ("none", "minimal", "low", "medium", "high", "xhigh", "max")
_NAMES = ("compact", "effort", "mode", "run")


class Command(NamedTuple):
    name: str
    argument: str


def parse(text: str) -> Optional[Command]:
    """None for what goes to the model: also a path, and a command that does not exist."""
    name, _, argument = text.strip().partition(" ")
    if name.startswith("/") and name[1:] in _NAMES:
        return Command(name[1:], argument.strip())
    return None
