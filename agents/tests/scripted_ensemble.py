"""An Ensemble that answers each request by the next script: bytes, pauses and ends as the test wants."""

from __future__ import annotations

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Callable, List, Optional

Script = Callable[["Exchange"], None]


class Exchange:
    """What a script can do with one request."""

    def __init__(self, handler: BaseHTTPRequestHandler):
        self._handler = handler
        self._chunked = False

    def begin(self) -> None:
        self._handler.send_response(200)
        self._handler.send_header("Content-Type", "text/event-stream")
        self._handler.send_header("Transfer-Encoding", "chunked")
        self._handler.end_headers()
        self._chunked = True

    def chunk(self, data: bytes) -> None:
        self._handler.wfile.write(b"%x\r\n%s\r\n" % (len(data), data))
        self._handler.wfile.flush()

    def event(self, name: str, data: dict) -> None:
        self.chunk(event(name, data))

    def end(self) -> None:
        self._handler.wfile.write(b"0\r\n\r\n")

    def json(self, status: int, body: Any, headers: Optional[dict] = None) -> None:
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        self._handler.send_response(status)
        for name, value in (headers or {}).items():
            self._handler.send_header(name, value)
        self._handler.send_header("Content-Length", str(len(data)))
        self._handler.end_headers()
        self._handler.wfile.write(data)

    def wait_until_client_leaves(self) -> bool:
        self._handler.connection.settimeout(15)
        try:
            return self._handler.connection.recv(1) == b""
        except ConnectionError:
            return True


class Ensemble:
    def __init__(self) -> None:
        self.requests: List[dict] = []
        self.bodies: List[bytes] = []
        self.models: List[dict] = []
        self.headers: List[dict] = []
        self.client_left = threading.Event()
        self._scripts: List[Script] = []
        self._always: Optional[Script] = None
        ensemble = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                ensemble.requests.append(json.loads(body))
                ensemble.bodies.append(body)
                ensemble.headers.append({"path": self.path, **dict(self.headers.items())})
                self.close_connection = True
                if not ensemble._scripts and ensemble._always is not None:
                    ensemble._always(Exchange(self))
                    return
                if not ensemble._scripts:
                    Exchange(self).json(400, {"error": {"code": "NO_SCRIPT", "message": "no script is left"}})
                    return
                ensemble._scripts.pop(0)(Exchange(self))

            def do_GET(self) -> None:
                self.close_connection = True
                if self.path == "/api/v1/models":
                    Exchange(self).json(200, {"models": ensemble.models})
                else:
                    Exchange(self).json(404, {"error": {"code": "NOT_FOUND", "message": "nothing is here"}})

            def log_message(self, *args: Any) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def serves(self, model: str, window: int, output: int, **facts: Any) -> "Ensemble":
        """What its list of models says."""
        self.models.append({"id": model, "context_window": window, "max_output_tokens": output, **facts})
        return self

    def then(self, script: Script) -> "Ensemble":
        self._scripts.append(script)
        return self

    def always(self, script: Script) -> None:
        """Answers every request that no other script is left for."""
        self._always = script

    def says(self, *blocks: dict, finish: Optional[str] = None, tokens: int = 100) -> "Ensemble":
        """A whole, orderly answer of these blocks."""
        return self.then(lambda exchange: answer(exchange, list(blocks), finish, tokens))

    def refuses(self, status: int, code: str, **fields: Any) -> "Ensemble":
        """A failure before the first block, which may pass by itself."""
        error = {"code": code, "message": "Not now.", "retryable": True, **fields}
        return self.then(lambda exchange: exchange.json(status, {"error": error}))

    def breaks(self, *blocks: dict, error: Optional[dict] = None) -> "Ensemble":
        """An answer that ends in the middle: with an error, or without a word."""
        def script(exchange: Exchange) -> None:
            exchange.begin()
            for block in blocks:
                exchange.event("block", block)
            if error is not None:
                exchange.event("error", error)
            exchange.end()
        return self.then(script)

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


def event(name: str, data: dict) -> bytes:
    # Half a surrogate pair can only travel as a JSON escape, which is what backslashreplace makes of it.
    return f"event: {name}\ndata: {json.dumps(data, ensure_ascii=False)}\n\n".encode(errors="backslashreplace")


def text(value: str) -> dict:
    return {"type": "text", "text": value}


def call(call_id: str, name: str, arguments: Any, raw: Optional[str] = None) -> dict:
    raw = json.dumps(arguments) if raw is None else raw
    return {"type": "tool_call", "tool_call": {
        "id": call_id, "name": name, "arguments": arguments, "raw_arguments": raw}}


def done(blocks: List[dict], finish: Optional[str] = None, tokens: int = 100) -> dict:
    if finish is None:
        finish = "tool_use" if any(b["type"] == "tool_call" for b in blocks) else "end_turn"
    return {
        "id": "resp_1", "model": "demo", "provider": "demo", "blocks": blocks, "input_tokens": tokens,
        "output_tokens": 10, "cached_tokens": 0, "cost": "0.0", "finish_reason": finish}


def answer(exchange: Exchange, blocks: List[dict], finish: Optional[str], tokens: int) -> None:
    exchange.begin()
    for block in blocks:
        if block["type"] == "tool_call":
            data = block["tool_call"]
            exchange.event("block", {
                "type": "tool_call_start", "tool_call": {"id": data["id"], "name": data["name"]}})
            half = len(data["raw_arguments"]) // 2
            for piece in (data["raw_arguments"][:half], data["raw_arguments"][half:]):
                exchange.event("block", {
                    "type": "tool_call_delta", "tool_call": {"id": data["id"], "raw_arguments": piece}})
        exchange.event("block", block)
    exchange.event("done", done(blocks, finish, tokens))
    exchange.end()
