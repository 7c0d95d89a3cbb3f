"""One message at a time, each as a task that an interrupt cancels and that always ends in `complete`."""

from __future__ import annotations

import asyncio
import traceback
from typing import Any, Callable, List, Optional

from podium import trace
from podium.agent.context import AgentContext
from podium.agent.errors import AgentError


class Turns:
    def __init__(self, agent: Any, ctx: AgentContext, flush_state: Callable[[], None]):
        self._agent = agent
        self._ctx = ctx
        self._flush_state = flush_state
        self._queue: List[dict] = []
        self._arrived = asyncio.Event()
        self._worker: Optional["asyncio.Task[None]"] = None
        self._work: Optional["asyncio.Task[None]"] = None
        self._working_on: Optional[str] = None
        self._interrupted = False
        self._closed = False

    def start(self) -> None:
        self._worker = asyncio.ensure_future(self._run())

    def add(self, frame: dict) -> None:
        self._queue.append(frame)
        self._arrived.set()

    def interrupt(self, message_id: str) -> None:
        if message_id == self._working_on and self._work is not None:
            self._interrupted = True
            self._work.cancel()
            return
        for frame in self._queue:
            # Not begun yet: it is still answered, in its turn, but no work is done for it.
            if str(frame.get("id")) == message_id:
                frame["interrupted"] = True

    async def stop(self, seconds: float) -> None:
        """Ends the turn in work as an interrupt would, and takes no further one."""
        self._closed = True
        self._arrived.set()
        if self._work is not None and self._working_on is not None:
            self.interrupt(self._working_on)
        if self._worker is not None:
            await asyncio.wait({self._worker}, timeout=seconds)

    async def _run(self) -> None:
        while not self._closed:
            await self._arrived.wait()
            self._arrived.clear()
            while self._queue and not self._closed:
                await self._turn(self._queue.pop(0))

    async def _turn(self, frame: dict) -> None:
        message_id = str(frame.get("id"))
        self._ctx.begin(message_id)
        trace.begin(frame.get("traceparent"))
        self._interrupted = bool(frame.get("interrupted"))
        error: Optional[AgentError] = None
        if not self._interrupted:
            self._work = asyncio.ensure_future(self._agent.on_message(self._ctx, _message_of(frame)))
            self._working_on = message_id
            await asyncio.wait({self._work})
            work, self._working_on, self._work = self._work, None, None
            error = await self._failure_of(work)
        self._flush_state()
        await self._ctx.connection.send(self._completion(message_id, error))
        self._ctx.message_id = None

    async def _failure_of(self, work: "asyncio.Task[None]") -> Optional[AgentError]:
        if self._interrupted:
            return None
        if work.cancelled():
            return AgentError("AGENT_ERROR", "The agent gave up its own work on this message.")
        if work.exception() is None:
            return None
        failure = work.exception()
        if isinstance(failure, AgentError):
            return failure
        # The traceback goes to the agent's own log file; users get a sentence without secrets.
        traceback.print_exception(type(failure), failure, failure.__traceback__)
        name = type(failure).__name__
        await self._ctx.log("error", f"on_message failed with {name}", "podium")
        return AgentError("AGENT_ERROR", f"The agent failed on this message ({name}).")

    def _completion(self, message_id: str, error: Optional[AgentError]) -> dict:
        complete = {
            "type": "complete",
            "message_id": message_id,
            "stop_reason": self._ctx.stop_reason,
            "final_text": self._ctx.final_text,
        }
        if self._interrupted:
            complete["stop_reason"] = "stopped"
        elif error is not None:
            complete["stop_reason"] = "error"
            complete["error"] = {
                "code": error.code, "message": error.message, "retryable": error.retryable}
        return complete


def _message_of(frame: dict) -> dict:
    message = dict(frame.get("data") or {})
    for name in ("id", "history", "origin"):
        if name in frame:
            message[name] = frame[name]
    return message
