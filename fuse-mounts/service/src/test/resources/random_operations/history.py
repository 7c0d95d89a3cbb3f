"""Compares what the history of a workspace says about moments with what was there then."""

import os
import time

from world import hash_of

# Seconds. What a close began ends in a moment; a comparison of the whole tree begins later. That is
# needed where a file was written that has lost the name it was opened by, and has another one.
SOON = 0.7
COMPARED = 5


class Moments:
    """The moments of one folder of a workspace; they are browsed below .chronicle."""

    def __init__(self, folder, oracle):
        self.folder = folder
        self.oracle = oracle
        self.seen = []
        self.linked = False

    def done(self, operation, answer):
        self.linked |= operation[0] == "link" and answer is None

    def differs_now(self):
        """What the history of the present moment has that is not there, and the other way round."""
        expected = contents(self.oracle)
        self.linked |= has_links(self.oracle)
        deadline = time.monotonic() + (COMPARED if self.linked else SOON)
        while True:
            moment = int(time.time() * 1000)
            found = contents(self.past(moment))
            if found == expected:
                time.sleep(0.003)
                self.seen.append((moment, expected))
                self.linked = has_links(self.oracle)
                return None
            if time.monotonic() > deadline:
                return unlike(found, expected)

    def differs_later(self):
        """The same for all moments that were looked at."""
        for moment, expected in self.seen:
            found = contents(self.past(moment))
            if found != expected:
                return moment, unlike(found, expected)
        return None

    def past(self, moment):
        root, name = os.path.split(self.folder)
        return os.path.join(root, ".chronicle", "at", f"@{moment}", name)


def has_links(root):
    return any(
        os.lstat(os.path.join(folder, name)).st_nlink > 1
        for folder, _, files in os.walk(root)
        for name in files
    )


def contents(root):
    """Of files and symlinks, by their paths: folders have no history."""
    found = {}
    for folder, folders, files in os.walk(root):
        for name in folders + files:
            at = os.path.join(folder, name)
            if os.path.islink(at):
                found[os.path.relpath(at, root)] = "-> " + os.readlink(at)
            elif os.path.isfile(at):
                with open(at, "rb") as file:
                    found[os.path.relpath(at, root)] = hash_of(file.read())
    return found


def unlike(found, expected):
    paths = sorted(found.keys() | expected.keys())
    return [
        (path, found.get(path), expected.get(path))
        for path in paths
        if found.get(path) != expected.get(path)
    ]
