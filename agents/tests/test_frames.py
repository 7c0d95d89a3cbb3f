import asyncio
import struct
import unittest

import support
from podium.ipc import frames


def reader_of(data: bytes) -> asyncio.StreamReader:
    reader = asyncio.StreamReader()
    reader.feed_data(data)
    reader.feed_eof()
    return reader


class FrameTest(unittest.IsolatedAsyncioTestCase):
    async def refused(self, data: bytes) -> None:
        with self.assertRaises(frames.FrameError):
            await frames.read(reader_of(data))

    async def test_the_length_is_little_endian_and_counts_bytes(self):
        self.assertEqual(frames.encode({"t": "é"}), b"\x0a\0\0\0" + '{"t":"é"}'.encode())

    async def test_a_frame_is_read_back(self):
        self.assertEqual(await frames.read(reader_of(frames.encode({"type": "é"}))), {"type": "é"})

    async def test_an_end_between_frames_is_no_error(self):
        self.assertIsNone(await frames.read(reader_of(b"")))

    async def test_an_end_inside_a_frame_is_an_error(self):
        await self.refused(b"\x05\0")
        await self.refused(b"\x05\0\0\0{}")

    async def test_a_length_of_zero_or_over_the_limit_is_refused(self):
        await self.refused(struct.pack("<I", 0))
        await self.refused(struct.pack("<I", frames.MAX_FRAME_BYTES + 1) + b"{}")

    async def test_bytes_that_are_not_a_json_object_are_refused(self):
        for body in (b"[1]", b"\xff\xff", b"{", b"[" * 100_000):
            await self.refused(struct.pack("<I", len(body)) + body)

    async def test_an_object_over_the_limit_is_not_encoded(self):
        with self.assertRaises(frames.FrameError):
            frames.encode({"text": "x" * frames.MAX_FRAME_BYTES})

    async def test_what_json_cannot_hold_is_not_encoded(self):
        for value in (object(), float("nan")):
            with self.assertRaises(frames.FrameError):
                frames.encode({"value": value})

    async def test_a_lone_surrogate_does_not_break_the_frame(self):
        self.assertEqual(await frames.read(reader_of(frames.encode({"t": "a\ud800"}))), {"t": "a?"})
