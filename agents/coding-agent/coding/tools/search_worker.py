"""The process behind `search`: a request as JSON on standard input, matches on standard output."""

from __future__ import annotations

import fnmatch
import json
import os
import re
import stat
import subprocess
import sys
import tempfile
from typing import Iterator, List

_MAX_FILE_BYTES = 5 * 1024 * 1024
_MAX_LINE = 400


def _files(path: str, root: str, ignored: bool) -> Iterator[str]:
    """What `.gitignore` leaves. A folder that is ignored itself was meant when it was named."""
    if os.path.isfile(path):
        yield path
        return
    listed = [] if ignored else _unignored(path, root)
    yield from listed or _all(path)


def _unignored(path: str, root: str) -> List[str]:
    """By ripgrep or git, whichever is there; neither reads the project's own configuration of git."""
    rg = ["rg", "--files", "--hidden", "--no-require-git", "--no-config", "--glob", "!.git", "--null", "--", path]
    with tempfile.TemporaryDirectory() as empty:
        git = ["git", f"--git-dir={empty}", f"--work-tree={root}", "-C", root]
        for prepare, command in (
                ([], rg), (["git", "init", "--quiet", "--bare", empty], [
                    *git, "ls-files", "--others", "--exclude-standard", "-z", "--", path])):
            try:
                if prepare:
                    subprocess.run(prepare, check=True, capture_output=True)
                found = subprocess.run(command, capture_output=True, cwd=root, check=True).stdout
            except (OSError, subprocess.CalledProcessError):
                continue
            names = found.decode("utf-8", "surrogateescape").split("\0")
            # A repository inside is one name to git that ends in a slash.
            return sorted(one for name in names if name for one in _expanded(os.path.join(root, name)))
    return []


def _expanded(path: str) -> Iterator[str]:
    return _all(path) if path.endswith("/") else iter([path])


def _all(path: str) -> Iterator[str]:
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
    for path in _files(request["path"], request["root"], request["ignored"]):
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
