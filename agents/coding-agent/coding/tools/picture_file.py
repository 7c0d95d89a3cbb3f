"""Pictures, known by their first bytes: a name says little, and providers refuse what does not match."""

from __future__ import annotations

import base64
import stat
from pathlib import Path
from typing import Optional

from coding.tools.tool import Picture

# Providers take five megabytes as base64; a conversation has to be kept with all its pictures.
MAX_BYTES = 2 * 1024 * 1024


def media_type(data: bytes) -> Optional[str]:
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    if data.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if data.startswith((b"GIF87a", b"GIF89a")):
        return "image/gif"
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "image/webp"
    return None


def read(path: Path) -> bytes:
    """The bytes of an ordinary file that may be a picture; empty where it is too large or none."""
    status = path.stat()
    if not stat.S_ISREG(status.st_mode) or status.st_size > MAX_BYTES:
        return b""
    return path.read_bytes()


def picture(data: bytes, description: str) -> Optional[Picture]:
    """None where the data is no picture that a model can see."""
    kind = media_type(data)
    if kind is None or len(data) > MAX_BYTES:
        return None
    return Picture(description, kind, base64.b64encode(data).decode("ascii"))
