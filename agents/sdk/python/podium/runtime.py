"""Runs one agent: reads the coordinator's frames and calls the agent's hooks."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import traceback
from typing import Any, Callable, Coroutine, Optional, Set

from podium import SDK_NAME, SDK_VERSION, children, watchdog
from podium.agent.context import AgentContext
from podium.agent.models.delta_state import DeltaLog
from podium.ipc.connection import Connection
from podium.ipc.frames import FrameError
from podium.turns import Turns

# The coordinator kills after 5 s; these two together leave it no reason to.
_STOP_SECONDS = 2.0
_SHUTDOWN_SECONDS = 2.5


class Runtime:
    def __init__(self, agent: Any, connection: Connection):
        self._agent = agent
        self._connection = connection
        self._ctx: Optional[AgentContext] = None
        self._turns: Optional[Turns] = None
        self._deltas = DeltaLog(lambda: asyncio.get_running_loop().call_soon(self._flush_state))
        self._hooks: Set["asyncio.Task[None]"] = set()
        self._ended = asyncio.Event()
        self._exit_code = 0

    async def serve(self) -> int:
        """Until the socket closes, or a shutdown was obeyed."""
        loop = asyncio.get_running_loop()
        loop.add_signal_handler(signal.SIGTERM, self._spawn, self._shutdown, {"reason": "signal"})
        reader = asyncio.ensure_future(self._read())
        ended = asyncio.ensure_future(self._ended.wait())
        await asyncio.wait({reader, ended}, return_when=asyncio.FIRST_COMPLETED)
        reader.cancel()
        if self._turns is not None:
            await self._turns.stop(_STOP_SECONDS)
        await self._connection.close()
        return self._exit_code

    async def _read(self) -> None:
        while True:
            try:
                frame = await self._connection.receive()
            except FrameError as error:
                print(f"podium: {error}", file=sys.stderr)
                self._exit_code = 1
                return
            if frame is None:
                return
            try:
                self._dispatch(frame)
            except Exception:
                # A frame that makes no sense is no reason to lose the turn in work.
                traceback.print_exc()

    def _dispatch(self, frame: dict) -> None:
        kind = frame.get("type")
        if kind == "init":
            if self._ctx is None:
                self._ctx = self._hydrate(frame)
                self._spawn(self._init, self._ctx)
        elif kind == "shutdown":
            self._spawn(self._shutdown, frame)
        elif self._ctx is None or self._turns is None:
            return
        elif kind == "message":
            self._turns.add(frame)
        elif kind == "interrupt":
            self._turns.interrupt(str(frame.get("message_id")))
        elif kind == "answer":
            self._ctx.questions.resolve(frame)
        elif kind == "steer":
            content = str(frame.get("content", ""))
            self._ctx.add_steer(content)
            self._spawn(self._agent.on_steer, self._ctx, content)
        elif kind == "config_update":
            changes = dict(frame.get("changes") or {})
            self._ctx.config.update(changes)
            self._spawn(self._agent.on_config_change, self._ctx, changes)

    def _hydrate(self, frame: dict) -> AgentContext:
        stored = frame.get("state") if isinstance(frame.get("state"), dict) else None
        state = self._agent.State(stored)
        # Later deltas replace fields, so the coordinator must hold all of them from the start.
        if state.has_fields() and state.snapshot() != stored:
            self._deltas.add({"op": "replace", "path": "", "value": state.snapshot()})
        state.report_to(self._deltas.add)
        return AgentContext(self._connection, frame, state)

    async def _init(self, ctx: AgentContext) -> None:
        self._turns = Turns(self._agent, ctx, self._flush_state)
        try:
            await self._agent.on_init(ctx)
        except Exception:
            traceback.print_exc()
            await ctx.log("error", "on_init failed", "podium")
            self._exit_code = 1
            self._ended.set()
            return
        self._flush_state()
        await self._connection.send({"type": "ready", "sdk": f"{SDK_NAME}/{SDK_VERSION}"})
        self._turns.start()

    async def _shutdown(self, frame: dict) -> None:
        if self._ctx is not None and self._turns is not None:
            if frame.get("reason") == "idle_timeout" and not await self._agent.on_idle_timeout(self._ctx):
                await self._connection.send({"type": "shutdown_deferred", "reason": "idle_timeout"})
                return
            await self._turns.stop(_STOP_SECONDS)
            last = asyncio.ensure_future(self._agent.on_shutdown(self._ctx))
            await asyncio.wait({last}, timeout=_SHUTDOWN_SECONDS)
            if last.done() and last.exception() is not None:
                _print(last.exception())
            self._flush_state()
        self._ended.set()

    def _flush_state(self) -> None:
        deltas = self._deltas.take()
        if not deltas:
            return
        try:
            self._connection.post({"type": "state_delta", "deltas": deltas})
        except FrameError as error:
            print(f"podium: the state was not reported: {error}", file=sys.stderr)

    def _spawn(self, hook: Callable[..., Coroutine[Any, Any, Any]], *args: Any) -> None:
        """Hooks run beside the reader, so that one that waits cannot keep answers from arriving."""
        task = asyncio.ensure_future(_reported(hook, *args))
        self._hooks.add(task)
        task.add_done_callback(self._hooks.discard)


def _print(error: BaseException) -> None:
    traceback.print_exception(type(error), error, error.__traceback__)


async def _reported(hook: Callable[..., Coroutine[Any, Any, Any]], *args: Any) -> None:
    try:
        await hook(*args)
    except Exception:
        traceback.print_exc()


async def _connect_and_serve(agent: Any, path: str) -> int:
    connection = await Connection.open(path)
    watchdog.watch(connection.socket)
    return await Runtime(agent, connection).serve()


def run(agent_class: Callable[[], Any]) -> None:
    """The entry point of an agent's main file. Does not return."""
    path = os.environ.get("CONCERT_IPC_SOCKET")
    if not path:
        sys.exit("CONCERT_IPC_SOCKET is not set: agents are started by the coordinator")
    children.mark_environment()
    code = 1
    try:
        code = asyncio.run(_connect_and_serve(agent_class(), path))
    except Exception:
        traceback.print_exc()
    finally:
        children.kill_all()
        sys.stdout.flush()
        sys.stderr.flush()
        # Threads that still wait for the network must not keep the process.
        os._exit(code)
