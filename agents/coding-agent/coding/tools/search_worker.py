"""The process behind `search`: a request as JSON on standard input, matches on standard output."""

from __future__ import annotations

import fnmatch
import json
import os
import re
import stat
import sys
from typing import Iterator

_MAX_FILE_BYTES = 5 * 1024 * 1024
_MAX_LINE = 400


def _files(path: str) -> Iterator[str]:
    if os.path.isfile(path):
        yield path
        return
    for folder, folders, names in os.walk(path):
        folders[:] = sorted(name for name in folders if name != ".git")
        for name in sorted(names):
            yield os.path.join(folder, name)


def _text(path: str) -> str:
    """Nothing for what is not text. Links are left out: they may lead out of the workspace."""
    try:
        status = os.lstat(path)
        if not stat.S_ISREG(status.st_mode) or status.st_size > _MAX_FILE_BYTES:
            return ""
        with open(path, "rb") as file:
            data = file.read()
    except OSError:
        return ""
    return "" if b"\0" in data[:8192] else data.decode("utf-8", errors="replace")


def _wanted(relative: str, files: str) -> bool:
    return not files or fnmatch.fnmatch(relative, files) or fnmatch.fnmatch(os.path.basename(relative), files)


def _matches(request: dict) -> Iterator[str]:
    pattern = re.compile(request["pattern"], re.IGNORECASE if request["ignore_case"] else 0)
    for path in _files(request["path"]):
        relative = os.path.relpath(path, request["root"])
        if not _wanted(relative, request["files"]):
            continue
        for number, line in enumerate(_text(path).split("\n"), 1):
            line = line.rstrip("\r")
            if pattern.search(line):
                cut = line if len(line) <= _MAX_LINE else line[:_MAX_LINE] + " […]"
                yield f"{relative}:{number}: {cut}"


def main() -> None:
    request = json.load(sys.stdin)
    out = sys.stdout.buffer
    for count, match in enumerate(_matches(request)):
        if count == request["max_matches"]:
            out.write(f"[only the first {count} matches are shown]\n".encode())
            break
        out.write(match.encode("utf-8", errors="replace") + b"\n")


if __name__ == "__main__":
    main()
