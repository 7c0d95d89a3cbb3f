import asyncio
import socket
import threading
import unittest

import support
from podium import trace
from podium.ensemble import Done, EnsembleClient, EnsembleError
from scripted_ensemble import Ensemble, done, event, text


class EnsembleClientTest(unittest.IsolatedAsyncioTestCase):
    def setUp(self):
        self.ensemble = Ensemble()
        self.addCleanup(self.ensemble.close)

    async def read(self, **options):
        client = EnsembleClient(self.ensemble.url + "/base/", "the-token", **options)
        return [item async for item in client.stream({"model": "demo"})]

    async def fails(self, code, retryable, **options):
        with self.assertRaises(EnsembleError) as caught:
            await self.read(**options)
        self.assertEqual((caught.exception.code, caught.exception.retryable), (code, retryable))
        self.assertNotIn("the-token", caught.exception.message)
        return caught.exception

    async def test_blocks_come_in_order_and_done_comes_last(self):
        self.ensemble.says(text("a"), text("b"))
        items = await self.read()
        self.assertEqual([item["text"] for item in items[:-1]], ["a", "b"])
        self.assertIsInstance(items[-1], Done)

    async def test_the_request_carries_the_token_and_keeps_the_path_of_the_address(self):
        self.ensemble.says()
        await self.read()
        self.assertEqual(self.ensemble.headers[0]["Authorization"], "Bearer the-token")
        self.assertEqual(self.ensemble.headers[0]["path"], "/base/api/v1/stream")
        self.assertEqual(self.ensemble.requests, [{"model": "demo"}])

    async def test_the_request_is_part_of_the_trace_of_its_message(self):
        known = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
        for traceparent, sent in ((known, known), (None, None), ("x\r\nHost: evil", None)):
            trace.begin(traceparent)
            self.ensemble.says()
            await asyncio.ensure_future(self.read())
            self.assertEqual(self.ensemble.headers[-1].get("traceparent"), sent)

    async def test_characters_split_over_chunks_are_put_together(self):
        def script(exchange):
            exchange.begin()
            for byte in event("block", text("é€😀")) + event("done", done([])):
                exchange.chunk(bytes([byte]))
        self.ensemble.then(script)
        self.assertEqual((await self.read())[0]["text"], "é€😀")

    async def test_a_block_arrives_before_the_answer_is_complete(self):
        go_on = threading.Event()

        def script(exchange):
            exchange.begin()
            exchange.event("block", text("early"))
            go_on.wait(15)
            exchange.event("done", done([]))
        self.ensemble.then(script)
        stream = EnsembleClient(self.ensemble.url, "").stream({})
        first = await asyncio.wait_for(stream.__anext__(), 10)
        go_on.set()
        self.assertEqual(first["text"], "early")
        self.assertIsInstance(await stream.__anext__(), Done)

    async def test_a_stream_that_ends_without_done_is_an_error(self):
        def script(exchange):
            exchange.begin()
            exchange.event("block", text("half"))
            exchange.end()
        self.ensemble.then(script)
        await self.fails("PROVIDER_FAILED", True)

    async def test_a_connection_cut_inside_a_chunk_is_an_error(self):
        def script(exchange):
            exchange.begin()
            exchange._handler.wfile.write(b"ff\r\nevent: done\nda")
        self.ensemble.then(script)
        await self.fails("PROVIDER_FAILED", True)

    async def test_an_error_event_keeps_its_code_message_and_advice(self):
        def script(exchange):
            exchange.begin()
            exchange.event("error", {"code": "OVERLOADED", "message": "Too much.", "retryable": True})
        self.ensemble.then(script)
        self.assertEqual((await self.fails("OVERLOADED", True)).message, "Too much.")

    async def test_an_http_error_is_read_from_its_body(self):
        body = {"error": {"code": "RATE_LIMITED", "message": "Slow down.", "retryable": True}}
        self.ensemble.then(lambda exchange: exchange.json(429, body))
        self.assertEqual((await self.fails("RATE_LIMITED", True)).message, "Slow down.")

    async def test_an_http_error_of_somebody_else_is_told_by_its_status(self):
        for status, retryable in ((502, True), (404, False)):
            self.ensemble.then(lambda exchange: exchange.json(status, b"<html>nginx</html>"))
            await self.fails(f"HTTP_{status}", retryable)

    async def test_silence_ends_the_call(self):
        def script(exchange):
            exchange.begin()
            exchange.event("block", text("and then"))
            exchange.wait_until_client_leaves()
        self.ensemble.then(script)
        await self.fails("TIMEOUT", True, silence_seconds=0.2)

    async def test_nobody_listening_is_an_error(self):
        with socket.socket() as unused:
            unused.bind(("127.0.0.1", 0))
            client = EnsembleClient(f"http://127.0.0.1:{unused.getsockname()[1]}", "")
            with self.assertRaises(EnsembleError) as caught:
                [item async for item in client.stream({})]
        self.assertEqual(caught.exception.code, "ENSEMBLE_UNAVAILABLE")

    async def test_an_event_that_is_not_json_is_an_error(self):
        def script(exchange):
            exchange.begin()
            exchange.chunk(b"event: block\ndata: nonsense\n\n")
        self.ensemble.then(script)
        await self.fails("PROVIDER_FAILED", True)

    async def test_cancellation_closes_the_connection(self):
        begun, left = threading.Event(), threading.Event()

        def script(exchange):
            exchange.begin()
            exchange.event("block", text("slow"))
            begun.set()
            if exchange.wait_until_client_leaves():
                left.set()
        self.ensemble.then(script)
        reading = asyncio.ensure_future(self.read())
        self.assertTrue(await asyncio.to_thread(begun.wait, 15))
        reading.cancel()
        with self.assertRaises(asyncio.CancelledError):
            await reading
        self.assertTrue(await asyncio.to_thread(left.wait, 15))
