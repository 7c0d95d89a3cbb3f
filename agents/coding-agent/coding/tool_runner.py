"""Runs tool calls: checks arguments, asks for permission, does the work, limits the output. Each call has a result."""

from __future__ import annotations

import asyncio
import time
import traceback
from itertools import groupby
from typing import List, NamedTuple, Set

from coding.conversation import Content, Conversation
from coding.nested_notes import NestedNotes
from coding.output_limit import Limited, cut
from coding.permissions import Permissions
from coding.response import Call
from coding.tool_error import ToolError
from coding.toolbox import Toolbox
from coding.tools.arguments import check
from coding.tools.background import BackgroundCommands
from coding.tools.tool import Picture, ToolCall
from coding.workspace import Workspace
from podium.agent import AgentContext

_STOPPED = "Error: the turn was stopped while this tool ran; look what it has done before you run it again."
_NOT_BEGUN = "Error: the turn was stopped before this tool ran."
# What reads only cannot get into another's way; the limit is for the machine's sake.
_AT_ONCE = 8


class Outcome(NamedTuple):
    content: Content
    is_error: bool


class ToolRunner:
    def __init__(
        self, ctx: AgentContext, workspace: Workspace, permissions: Permissions, background: BackgroundCommands,
        images: bool, toolbox: Toolbox
    ):
        """`images` says whether the model can see pictures."""
        self._ctx = ctx
        self._workspace = workspace
        self._permissions = permissions
        self._background = background
        self._images = images
        self._toolbox = toolbox
        self._notes = NestedNotes(ctx, workspace)
        self._begun: Set[str] = set()

    async def run_all(self, calls: List[Call], conversation: Conversation) -> None:
        """In their order; neighbours that only read run together, and sub-agents do. Every call gets one result."""
        try:
            for together, group in groupby(calls, key=self._runs_together):
                batch = list(group)
                size = _AT_ONCE if together else 1
                for start in range(0, len(batch), size):
                    await self._run_together(batch[start:start + size], conversation)
        except asyncio.CancelledError:
            conversation.settle(_NOT_BEGUN)
            raise

    async def _run_together(self, calls: List[Call], conversation: Conversation) -> None:
        works = [asyncio.ensure_future(self.run(call)) for call in calls]
        try:
            await asyncio.wait(works)
        except asyncio.CancelledError:
            for work in works:
                work.cancel()
            await asyncio.wait(works)
            raise
        finally:
            for call, work in zip(calls, works):
                stopped = Outcome(_STOPPED if call.id in self._begun else _NOT_BEGUN, True)
                outcome = stopped if work.cancelled() or not work.done() else work.result()
                conversation.add_tool_result(call.id, outcome.content, outcome.is_error)

    async def run(self, call: Call, by_user: bool = False) -> Outcome:
        """What goes back to the model."""
        try:
            started, output = await self._run(call, by_user)
        except asyncio.CancelledError:
            await self._ctx.tool_error(call.id, "STOPPED", "the turn was stopped")
            raise
        except ToolError as error:
            return await self._failed(call, error)
        except OSError as error:
            reason = error.strerror or type(error).__name__
            return await self._failed(call, ToolError("IO_ERROR", reason))
        except Exception as error:
            # A defect of a tool costs one call, not the turn; the log file has the trace.
            traceback.print_exc()
            return await self._failed(call, ToolError("TOOL_FAILED", f"the tool failed ({type(error).__name__})"))
        duration = int((time.monotonic() - started) * 1000)
        if isinstance(output, Picture):
            await self._ctx.tool_result(call.id, output.description, False, duration)
            return Outcome(self._shown(output), False)
        await self._ctx.tool_result(call.id, output.text, output.truncated, duration)
        tool = self._toolbox.get(call.name)
        notes = self._notes.news(tool, call.arguments or {}) if tool is not None else ""
        return Outcome(f"{output.text}\n\n{notes}" if notes else output.text, False)

    async def _run(self, call: Call, by_user: bool) -> "tuple[float, Limited | Picture]":
        tool = self._toolbox.get(call.name)
        if tool is None:
            raise ToolError("UNKNOWN_TOOL", f"there is no tool {call.name}; there are {', '.join(self._toolbox.names())}")
        if call.arguments is None:
            shown = cut(call.raw, 200).text
            raise ToolError("INVALID_ARGUMENTS", f"the arguments are not a JSON object: {shown}")
        if not tool.checks_itself:
            check(tool.parameters, call.arguments)
        work = ToolCall(call.id, call.arguments, self._workspace, self._ctx, self._background)
        await self._permissions.check(tool, work, by_user)
        self._begun.add(call.id)
        started = time.monotonic()
        output = await tool.run(work)
        return started, cut(output) if isinstance(output, str) else output

    def _shown(self, picture: Picture) -> Content:
        if not self._images:
            return f"{picture.description}\n[This model cannot see pictures.]"
        return [{"type": "text", "text": picture.description}, picture.block()]

    async def _failed(self, call: Call, error: ToolError) -> Outcome:
        message = cut(error.message).text
        await self._ctx.tool_error(call.id, error.code, message)
        return Outcome(f"Error: {message}", True)

    def _runs_together(self, call: Call) -> bool:
        tool = self._toolbox.get(call.name)
        return tool is not None and (tool.only_reads or tool.runs_beside)
