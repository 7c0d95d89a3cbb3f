"""Draws operations from a seed: few names and few slots, so that they meet."""

import os
import random
from fcntl import LOCK_EX, LOCK_SH, LOCK_UN

from world import LARGEST

FOLDERS = ["", "a/", "b/", "a/c/"]
FILES = [folder + name for folder in FOLDERS for name in ("x", "y", "z")]
NAMES = FILES + ["a", "b", "a/c"]
SLOTS = 6
FLAGS = [
    os.O_RDONLY,
    os.O_RDWR,
    os.O_RDWR | os.O_CREAT,
    os.O_RDWR | os.O_CREAT | os.O_EXCL,
    os.O_RDWR | os.O_CREAT | os.O_TRUNC,
    os.O_RDWR | os.O_CREAT | os.O_APPEND,
    os.O_WRONLY | os.O_CREAT,
    os.O_WRONLY | os.O_TRUNC,
    os.O_RDONLY | os.O_DIRECTORY,
]


def operations(seed, count, actors):
    """Each with the number of the process that does it."""
    draw = random.Random(seed)
    slot = lambda: draw.randrange(SLOTS)
    size = lambda: draw.choice([0, 1, 100, 4096, 5000, 70_000, 140_000])
    offset = lambda: draw.choice([0, 1, 4095, 4096, draw.randrange(LARGEST)])
    byte = lambda: draw.randrange(1, 256)
    name = lambda: draw.choice(NAMES)
    file = lambda: draw.choice(FILES)
    makers = {
        "open": (12, lambda: (slot(), name() if draw.random() < 0.1 else file(), draw.choice(FLAGS))),
        "close": (4, lambda: (slot(),)),
        "write": (6, lambda: (slot(), size(), byte())),
        "pwrite": (6, lambda: (slot(), offset(), size(), byte())),
        "pread": (6, lambda: (slot(), offset(), size())),
        "ftruncate": (3, lambda: (slot(), draw.randrange(LARGEST))),
        "fsync": (1, lambda: (slot(),)),
        "fstat": (3, lambda: (slot(),)),
        "seek": (2, lambda: (slot(), offset())),
        "seek_end": (2, lambda: (slot(),)),
        "seek_data": (1, lambda: (slot(), offset())),
        "copy": (2, lambda: (slot(), slot(), size(), offset(), offset())),
        "setxattr": (2, lambda: (name(), draw.choice("ab"), bytes([byte()]) * draw.choice([0, 1, 40]))),
        "setxattr_open": (1, lambda: (slot(), draw.choice("ab"), bytes([byte()]))),
        "removexattr": (1, lambda: (name(), draw.choice("ab"))),
        "xattrs": (2, lambda: (name(),)),
        "fchmod": (1, lambda: (slot(), draw.choice([0o600, 0o640, 0o755]))),
        "exchange": (2, lambda: (name(), name())),
        "rename_new": (2, lambda: (name(), name())),
        "reopen": (2, lambda: (slot(), slot(), draw.choice(FLAGS))),
        "truncate_reopened": (1, lambda: (slot(), draw.randrange(LARGEST))),
        "flock": (1, lambda: (slot(), draw.choice([LOCK_SH, LOCK_EX, LOCK_UN]))),
        "lockf": (1, lambda: (slot(), draw.choice([LOCK_SH, LOCK_EX, LOCK_UN]), draw.randrange(9), 3)),
        "map_keep": (4, lambda: (slot(),)),
        "map_store": (4, lambda: (slot(), offset(), size(), byte())),
        "map_load": (4, lambda: (slot(),)),
        "map_sync": (1, lambda: (slot(),)),
        "map_close": (1, lambda: (slot(),)),
        "map_write": (3, lambda: (slot(), offset(), size(), byte())),
        "map_read": (3, lambda: (slot(),)),
        "truncate": (3, lambda: (name(), draw.randrange(LARGEST))),
        "rename": (6, lambda: (name(), name())),
        "link": (2, lambda: (name(), name())),
        "symlink": (1, lambda: (draw.choice(["x", "a/x", "nowhere", "../x", "."]), name())),
        "unlink": (3, lambda: (name(),)),
        "mkdir": (4, lambda: (draw.choice(["a", "b", "a/c", file()]),)),
        "rmdir": (2, lambda: (name(),)),
        "chmod": (2, lambda: (name(), draw.choice([0o600, 0o644, 0o755, 0o444, 0o4755]))),
        "utime": (2, lambda: (name(), draw.randrange(2**60))),
        "stat": (3, lambda: (name(),)),
        "listdir": (2, lambda: (draw.choice([".", "a", "b", "a/c", file()]),)),
        "read": (4, lambda: (file(),)),
    }
    kinds = list(makers)
    weights = [makers[kind][0] for kind in kinds]
    return [(draw.randrange(actors), (kind, *makers[kind][1]())) for kind in draw.choices(kinds, weights, k=count)]
