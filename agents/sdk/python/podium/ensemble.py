"""The client of Ensemble, the platform's model gateway.

`http.client` reads HTTP in a thread of its own, because it blocks; what it reads is handed to asyncio.

    async for block in EnsembleClient(url, key).stream(request): ...

The last item is the `Done`; everything else that ends a stream is an `EnsembleError`.
"""

from __future__ import annotations

import asyncio
import http.client
import json
import socket
import threading
from typing import Any, AsyncIterator, Dict, Iterator, List, Optional, Union
from urllib.parse import urlsplit

from podium import trace
from podium.agent.errors import AgentError
from podium.sse import EventParser, EventTooLarge, ServerEvent

CONNECT_SECONDS = 10.0
SILENCE_SECONDS = 120.0
_ERROR_BODY_BYTES = 1024 * 1024
_READ_BYTES = 64 * 1024
_READ_AHEAD = 64


class EnsembleError(AgentError):
    """Ends a turn with Ensemble's own code, unless the agent knows better."""

    def __init__(self, code: str, message: str, retryable: bool = False, retry_after_ms: int = 0):
        """`retry_after_ms` is 0 when nothing was said about when to try again."""
        super().__init__(code, message, retryable)
        self.retry_after_ms = retry_after_ms


class Done(Dict[str, Any]):
    """The whole response: `blocks`, `input_tokens`, `output_tokens`, `finish_reason` and so on."""


Item = Union[dict, Done]


class EnsembleClient:
    def __init__(
        self,
        url: str,
        api_key: str,
        connect_seconds: float = CONNECT_SECONDS,
        silence_seconds: float = SILENCE_SECONDS,
    ):
        self._url = urlsplit(url)
        self._api_key = api_key
        self._connect_seconds = connect_seconds
        self._silence_seconds = silence_seconds

    async def models(self) -> List[dict]:
        """What `GET /api/v1/models` lists: each with `id`, `context_window`, `max_output_tokens` and more."""
        return await asyncio.to_thread(self._models)

    def _models(self) -> List[dict]:
        connection = self._open()
        try:
            connection.request(
                "GET", self._url.path.rstrip("/") + "/api/v1/models", headers={
                    "Authorization": f"Bearer {self._api_key}", "Connection": "close"})
            response = connection.getresponse()
            body = response.read(_ERROR_BODY_BYTES)
            if response.status != 200:
                raise _http_error(response.status, body, response.getheader("Retry-After"))
            models = json.loads(body.decode("utf-8")).get("models")
            return [model for model in models if isinstance(model, dict)]
        except (http.client.HTTPException, OSError) as error:
            raise EnsembleError("ENSEMBLE_UNAVAILABLE", "Ensemble cannot be reached.", True) from error
        except (ValueError, AttributeError, TypeError) as error:
            raise EnsembleError("PROVIDER_FAILED", "The list of models cannot be read.", True) from error
        finally:
            connection.close()

    async def stream(self, request: Union[dict, bytes]) -> AsyncIterator[Item]:
        """The blocks as they come, then the `Done`. Leaving the loop early closes the connection. The
        request may be the bytes of its body, where those of an earlier one have to be met."""
        exchange = _Exchange(self._open(), self._silence_seconds)
        body = request if isinstance(request, bytes) else json.dumps(request).encode("utf-8")
        headers = {
            "Authorization": f"Bearer {self._api_key}",
            "Content-Type": "application/json",
            "Accept": "text/event-stream",
            "Connection": "close",
        }
        traceparent = trace.current()
        if traceparent is not None:
            headers["traceparent"] = traceparent
        path = self._url.path.rstrip("/") + "/api/v1/stream"
        handover = _Handover(asyncio.get_running_loop())
        threading.Thread(
            target=handover.fill, args=(exchange.run(path, body, headers),), name="ensemble", daemon=True
        ).start()
        try:
            while True:
                item = await handover.take()
                if isinstance(item, Exception):
                    raise item
                yield item
                if isinstance(item, Done):
                    return
        finally:
            handover.close()
            exchange.close()

    def _open(self) -> http.client.HTTPConnection:
        kind = {"http": http.client.HTTPConnection, "https": http.client.HTTPSConnection}.get(self._url.scheme)
        if kind is None or not self._url.hostname:
            raise EnsembleError("ENSEMBLE_UNAVAILABLE", "The address of Ensemble is not a valid URL.")
        return kind(self._url.hostname, self._url.port, timeout=self._connect_seconds)


class _Exchange:
    """One request and its answer, as seen by the thread that reads it."""

    def __init__(self, connection: http.client.HTTPConnection, silence_seconds: float):
        self._connection = connection
        self._silence_seconds = silence_seconds
        self._socket: Optional[socket.socket] = None
        self._closed = False

    def run(self, path: str, body: bytes, headers: Dict[str, str]) -> Iterator[Item]:
        try:
            self._connection.connect()
            # The connection forgets its socket as soon as the answer begins; close() needs it longer.
            self._socket = self._connection.sock
            if self._closed:
                return
            self._socket.settimeout(self._silence_seconds)
            self._connection.request("POST", path, body, headers)
            response = self._connection.getresponse()
            if response.status != 200:
                raise _http_error(
                    response.status, response.read(_ERROR_BODY_BYTES), response.getheader("Retry-After"))
            with response:
                yield from _items(response)
        except (socket.timeout, TimeoutError) as error:
            raise EnsembleError("TIMEOUT", "Ensemble did not answer in time.", True) from error
        except (http.client.HTTPException, EventTooLarge) as error:
            raise EnsembleError("PROVIDER_FAILED", "The answer of Ensemble was cut off.", True) from error
        except OSError as error:
            raise EnsembleError("ENSEMBLE_UNAVAILABLE", "Ensemble cannot be reached.", True) from error
        finally:
            self._connection.close()

    def close(self) -> None:
        """Called from the event loop: shutting the socket down wakes the thread out of its read."""
        self._closed = True
        if self._socket is not None:
            try:
                self._socket.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass


class _Handover:
    """From the reading thread to the event loop; the thread waits when the agent falls behind."""

    def __init__(self, loop: asyncio.AbstractEventLoop):
        self._loop = loop
        self._queue: "asyncio.Queue[Union[Item, Exception]]" = asyncio.Queue()
        self._room = threading.Semaphore(_READ_AHEAD)
        self._closed = False

    def fill(self, items: Iterator[Item]) -> None:
        try:
            for item in items:
                self._put(item)
        except Exception as error:
            self._put(error)

    def _put(self, item: Union[Item, Exception]) -> None:
        self._room.acquire()
        if self._closed:
            return
        try:
            self._loop.call_soon_threadsafe(self._queue.put_nowait, item)
        except RuntimeError:
            # The loop is closed: the agent has ended while this thread was reading.
            self._closed = True

    async def take(self) -> Union[Item, Exception]:
        item = await self._queue.get()
        self._room.release()
        return item

    def close(self) -> None:
        self._closed = True
        self._room.release()


def _items(response: http.client.HTTPResponse) -> Iterator[Item]:
    parser = EventParser()
    while True:
        piece = response.read1(_READ_BYTES)
        if not piece:
            # Neither `done` nor `error`: whatever came before is not a whole answer.
            raise http.client.IncompleteRead(b"")
        for event in parser.feed(piece):
            item = _item(event)
            if item is not None:
                yield item
                if isinstance(item, Done):
                    return


def _item(event: ServerEvent) -> Optional[Item]:
    if event.name not in ("block", "done", "error"):
        return None
    try:
        data = json.loads(event.data)
    except ValueError:
        data = None
    if not isinstance(data, dict):
        raise EnsembleError("PROVIDER_FAILED", "Ensemble sent an event that is not a JSON object.", True)
    if event.name == "error":
        raise _error_of(data, "PROVIDER_FAILED", "The model call failed.", False)
    return Done(data) if event.name == "done" else data


def _http_error(status: int, body: bytes, retry_after: Optional[str]) -> EnsembleError:
    try:
        error = json.loads(body.decode("utf-8")).get("error")
    except (ValueError, AttributeError):
        error = None
    data = {"retry_after_ms": _milliseconds(retry_after), **(error if isinstance(error, dict) else {})}
    retryable = status in (408, 425, 429) or status >= 500
    return _error_of(data, f"HTTP_{status}", f"Ensemble answered with HTTP {status}.", retryable)


def _milliseconds(retry_after: Optional[str]) -> int:
    """Of a header in seconds, which is how Ensemble sends it."""
    return int(retry_after) * 1000 if retry_after is not None and retry_after.strip().isdigit() else 0


def _error_of(data: dict, code: str, message: str, retryable: bool) -> EnsembleError:
    retry_after = data.get("retry_after_ms")
    return EnsembleError(
        str(data.get("code") or code),
        str(data.get("message") or message),
        bool(data.get("retryable", retryable)),
        max(0, int(retry_after)) if isinstance(retry_after, (int, float)) else 0)
