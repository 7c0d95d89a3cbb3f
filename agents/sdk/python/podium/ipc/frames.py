"""The frame codec: a 4-byte little-endian length, then that many bytes of UTF-8 JSON, one object."""

from __future__ import annotations

import asyncio
import json
import struct
from typing import Optional

MAX_FRAME_BYTES = 16 * 1024 * 1024
_LENGTH = struct.Struct("<I")


class FrameError(Exception):
    """The bytes are not a frame, or the object does not fit into one."""


def encode(message: dict) -> bytes:
    try:
        text = json.dumps(message, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    except (TypeError, ValueError) as error:
        raise FrameError(f"not representable as JSON: {error}") from error
    # Text from tools may hold lone surrogates, which UTF-8 cannot carry.
    payload = text.encode("utf-8", errors="replace")
    if len(payload) > MAX_FRAME_BYTES:
        raise FrameError(f"a frame of {len(payload)} bytes is over the limit of {MAX_FRAME_BYTES}")
    return _LENGTH.pack(len(payload)) + payload


def decode(payload: bytes) -> dict:
    try:
        message = json.loads(payload.decode("utf-8"))
    except (ValueError, RecursionError) as error:
        raise FrameError("the frame is not UTF-8 JSON") from error
    if not isinstance(message, dict):
        raise FrameError("the frame is not a JSON object")
    return message


async def read(reader: asyncio.StreamReader) -> Optional[dict]:
    """The next frame, or None when the other side closed between two frames."""
    try:
        header = await reader.readexactly(_LENGTH.size)
    except asyncio.IncompleteReadError as error:
        if error.partial:
            raise FrameError("the connection ended inside a frame") from error
        return None
    (length,) = _LENGTH.unpack(header)
    if not 0 < length <= MAX_FRAME_BYTES:
        raise FrameError(f"a frame of {length} bytes is not allowed")
    try:
        return decode(await reader.readexactly(length))
    except asyncio.IncompleteReadError as error:
        raise FrameError("the connection ended inside a frame") from error
