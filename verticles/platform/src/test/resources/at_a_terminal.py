"""Runs a program at a terminal of its own and types when it asks.

Arguments: what to type (yes, no, interrupt), the words that are the question, then the program.
Prints what the terminal showed and ends as the program did, with 128 + signal as a shell would.
"""

import fcntl
import os
import pty
import select
import signal
import struct
import sys
import termios
import time

KEYS = {"yes": b"y\r", "no": b"n\r", "interrupt": b"\x03"}
PATIENCE = 60

typed, question, command = sys.argv[1], sys.argv[2].encode(), sys.argv[3:]
child, terminal = pty.fork()
if child == 0:
    # Who runs in the background ignores these, and so would everything it starts.
    for ignored in (signal.SIGINT, signal.SIGQUIT, signal.SIGHUP):
        signal.signal(ignored, signal.SIG_DFL)
    os.execvp(command[0], command)
fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 40, 120, 0, 0))
shown, end = b"", time.monotonic() + PATIENCE
while time.monotonic() < end:
    if select.select([terminal], [], [], 0.2)[0]:
        try:
            piece = os.read(terminal, 65536)
        except OSError:
            break  # The program is gone.
        if not piece:
            break
        shown += piece
        if question in shown and typed:
            os.write(terminal, KEYS[typed])
            typed = ""
sys.stdout.buffer.write(shown)
sys.stdout.flush()
while time.monotonic() < end:
    ended, status = os.waitpid(child, os.WNOHANG)
    if ended:
        code = os.waitstatus_to_exitcode(status)
        sys.exit(code if code >= 0 else 128 - code)
    time.sleep(0.01)
os.kill(child, 9)
sys.exit("The program did not end")
