"""Ends every process that the agent started, so that none outlives it."""

from __future__ import annotations

import os
import signal
import time
from typing import Dict, Iterator, Optional, Set

_MARK = "PODIUM_CHILD_OF"
_ROUNDS = 20
_groups: Set[int] = set()


def mark_environment() -> None:
    """Children inherit this variable: it finds those that left their group or lost their parent."""
    os.environ[_MARK] = f"{os.getpid()}-{time.time_ns()}"


def track_group(group: int) -> None:
    _groups.add(group)


def forget_group(group: int) -> None:
    """Its number may be given to a stranger once it is gone."""
    _groups.discard(group)


def group_is_alive(group: int) -> bool:
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def signal_group(group: int, number: int) -> None:
    try:
        os.killpg(group, number)
    except (ProcessLookupError, PermissionError):
        pass


def kill_all() -> None:
    """Repeats, because a process may fork between being listed and being killed."""
    for group in _groups:
        signal_group(group, signal.SIGKILL)
    for _ in range(_ROUNDS):
        found = list(_started_processes())
        if not found:
            return
        for process in found:
            try:
                os.kill(process, signal.SIGKILL)
            except (ProcessLookupError, PermissionError):
                pass
        time.sleep(0.005)


def _started_processes() -> Iterator[int]:
    """Descendants by parentage (a forked child has no new environment) and by the inherited mark."""
    if not os.path.isdir("/proc"):
        return
    parents: Dict[int, int] = {}
    for name in os.listdir("/proc"):
        if name.isdigit():
            parent = _parent_of(name)
            if parent is not None:
                parents[int(name)] = parent
    for process in parents:
        if process != os.getpid() and (_descends(process, parents) or _is_marked(process)):
            yield process


def _parent_of(process: str) -> Optional[int]:
    try:
        with open(f"/proc/{process}/stat", "rb") as stat:
            # The name in brackets may hold anything, so the fields are read from behind it.
            state, parent = stat.read().rpartition(b")")[2].split()[:2]
    except (OSError, ValueError):
        return None
    return None if state == b"Z" else int(parent)


def _descends(process: int, parents: Dict[int, int]) -> bool:
    while process in parents:
        process = parents[process]
        if process == os.getpid():
            return True
    return False


def _is_marked(process: int) -> bool:
    mark = os.environ.get(_MARK)
    if not mark:
        return False
    try:
        with open(f"/proc/{process}/environ", "rb") as environment:
            return f"{_MARK}={mark}".encode() in environment.read().split(b"\0")
    except OSError:
        return False
