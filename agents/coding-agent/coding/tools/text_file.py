"""Reading and writing text files in a way that cannot block and changes nothing by accident."""

from __future__ import annotations

import os
import stat
from pathlib import Path

from coding.tool_error import ToolError

MAX_BYTES = 10 * 1024 * 1024


def read(path: Path, shown: str) -> str:
    """Line ends stay as they are, so that an edit writes back what it did not touch."""
    try:
        mode = path.stat().st_mode
    except FileNotFoundError:
        raise ToolError("NOT_FOUND", f"there is no file {shown}") from None
    if stat.S_ISDIR(mode):
        raise ToolError("IS_A_DIRECTORY", f"{shown} is a folder; use list_files")
    # Opening a pipe or a device would wait for another process.
    if not stat.S_ISREG(mode):
        raise ToolError("NOT_A_FILE", f"{shown} is not an ordinary file")
    with open(path, "rb") as file:
        data = file.read(MAX_BYTES + 1)
    if len(data) > MAX_BYTES:
        raise ToolError("TOO_LARGE", f"{shown} is larger than {MAX_BYTES} bytes; use search or bash")
    if b"\0" in data[:8192]:
        raise ToolError("BINARY_FILE", f"{shown} is a binary file")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        raise ToolError("NOT_UTF8", f"{shown} is not UTF-8 text") from None


def write(path: Path, shown: str, text: str) -> None:
    """Plain open and write in one go: the workspace makes one version of each."""
    if path.exists() and not path.is_file():
        raise ToolError("NOT_A_FILE", f"{shown} is not an ordinary file")
    path.parent.mkdir(parents=True, exist_ok=True)
    # The path was resolved; a link that appeared since then must not lead the write elsewhere.
    flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW
    with open(os.open(path, flags, 0o666), "wb", buffering=0) as file:
        rest = memoryview(text.encode("utf-8", errors="replace"))
        while rest:
            rest = rest[file.write(rest):]
