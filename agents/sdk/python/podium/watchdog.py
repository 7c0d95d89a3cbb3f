"""Ends the process when the coordinator is gone, even while agent code blocks the event loop."""

from __future__ import annotations

import os
import select
import socket
import threading
import time

from podium import children

# The event loop notices the same end and has this long to leave in order.
GRACE_SECONDS = 3.0


def watch(connection: socket.socket) -> None:
    fd = os.dup(connection.fileno())
    threading.Thread(target=_wait_for_end, args=(fd,), name="podium-watchdog", daemon=True).start()


def _wait_for_end(fd: int) -> None:
    poll = select.poll()
    # Hang-up and error are always reported; POLLRDHUP (Linux) tells of a half-closed socket too.
    poll.register(fd, getattr(select, "POLLRDHUP", 0))
    poll.poll()
    time.sleep(GRACE_SECONDS)
    children.kill_all()
    os._exit(1)
