"""The connection to one server, by the library `mcp`; it is opened anew when it was lost."""

from __future__ import annotations

import asyncio
import importlib
import os
from typing import Any, List, Optional

from coding.mcp_servers.settings import ServerSettings

_MAX_TOOLS = 200
_CONNECTION_CLOSED = -32000


class McpError(Exception):
    """The message says what is wrong, for the model and the user."""


class McpConnection:
    def __init__(self, settings: ServerSettings, folder: str, open_seconds: float, call_seconds: float):
        """`folder` is the working folder of a server that is a process."""
        self.settings = settings
        self._folder = folder
        self._open_seconds = open_seconds
        self._call_seconds = call_seconds
        self._client: Any = None
        self._task: "Optional[asyncio.Task[None]]" = None
        self._closing = asyncio.Event()
        self._opening = asyncio.Lock()

    async def tools(self) -> List[Any]:
        """Lists the tools of the server. Connects first if there is no connection."""
        client = await self._opened()
        found: List[Any] = []
        cursor: Optional[str] = None
        try:
            while len(found) < _MAX_TOOLS:
                page = await asyncio.wait_for(client.list_tools(cursor=cursor), self._open_seconds)
                found += page.tools
                cursor = page.next_cursor
                if not cursor:
                    break
        except Exception as error:
            raise McpError(f"it does not say which tools it has ({_reason(error)})") from None
        return found[:_MAX_TOOLS]

    async def call(self, tool: str, arguments: dict) -> Any:
        client = await self._opened()
        try:
            return await client.call_tool(tool, arguments, read_timeout_seconds=self._call_seconds)
        except Exception as error:
            if getattr(getattr(error, "error", None), "code", None) == _CONNECTION_CLOSED or self._is_over():
                await self.close()
                raise McpError("the server has ended; the next call starts it again") from None
            raise McpError(_reason(error)) from None

    async def close(self) -> None:
        task, self._task, self._client = self._task, None, None
        if task is not None:
            self._closing.set()
            await asyncio.wait({task}, timeout=10)

    def _is_over(self) -> bool:
        return self._task is None or self._task.done()

    async def _opened(self) -> Any:
        async with self._opening:
            if self._is_over():
                await self._open()
            return self._client

    async def _open(self) -> None:
        # The library wants a connection to be closed by the task that opened it.
        self._closing = asyncio.Event()
        ready: "asyncio.Future[Any]" = asyncio.get_running_loop().create_future()
        self._task = asyncio.ensure_future(self._hold(ready, self._closing))
        try:
            self._client = await asyncio.wait_for(asyncio.shield(ready), self._open_seconds)
        except asyncio.TimeoutError:
            self._task.cancel()
            raise McpError(f"it did not answer within {self._open_seconds:g} s") from None
        except asyncio.CancelledError:
            self._task.cancel()
            raise

    async def _hold(self, ready: "asyncio.Future[Any]", closing: asyncio.Event) -> None:
        try:
            # It is large: the turn's other work goes on meanwhile.
            client_of = (await asyncio.to_thread(importlib.import_module, "mcp")).Client
        except ImportError:
            _fail(ready, "the library mcp is not installed: run agents/coding-agent/install-packages")
            return
        try:
            async with client_of(self._transport()) as client:
                if not ready.done():
                    ready.set_result(client)
                await closing.wait()
        except FileNotFoundError:
            _fail(ready, f"the program {self.settings.command} is not there")
        except Exception as error:
            _fail(ready, _reason(error))

    def _transport(self) -> Any:
        settings = self.settings
        if settings.kind == "stdio":
            from mcp.client.stdio import StdioServerParameters

            # The environment of the sandbox has no secret, and the way to the proxy.
            return StdioServerParameters(
                command=settings.command, args=settings.arguments, env={**os.environ, **settings.variables},
                cwd=self._folder)
        if settings.kind == "sse":
            from mcp.client.sse import sse_client

            return sse_client(settings.url, headers=settings.headers)
        from mcp.client.streamable_http import streamable_http_client

        return streamable_http_client(settings.url, http_client=self._http_client())

    def _http_client(self) -> Any:
        import httpx2

        # It takes the proxy from the environment: in the sandbox that is the one that obeys the policy.
        timeout = httpx2.Timeout(30, read=self._call_seconds)
        return httpx2.AsyncClient(headers=self.settings.headers, timeout=timeout)


def _fail(ready: "asyncio.Future[Any]", reason: str) -> None:
    if not ready.done():
        ready.set_exception(McpError(reason))


def _reason(error: BaseException) -> str:
    """The sentence of the innermost failure: task groups wrap them."""
    inner = getattr(error, "exceptions", None)
    if inner:
        return _reason(inner[0])
    return str(error).strip()[:300] or type(error).__name__
