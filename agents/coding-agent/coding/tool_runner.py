"""Runs one tool call: arguments, permission, work, limits; whatever happens, the model is told."""

from __future__ import annotations

import asyncio
import time
import traceback

from coding.output_limit import Limited, cut
from coding.permissions import Permissions
from coding.response import Call
from coding.tool_error import ToolError
from coding.tools import TOOLS
from coding.tools.arguments import check
from coding.tools.tool import ToolCall
from coding.workspace import Workspace
from podium.agent import AgentContext

_DENIED = (
    "the user did not permit this. Do not try to reach the same end another way; "
    "go on without it or ask the user what to do.")


class ToolRunner:
    def __init__(self, ctx: AgentContext, workspace: Workspace, permissions: Permissions):
        self._ctx = ctx
        self._workspace = workspace
        self._permissions = permissions

    async def run(self, call: Call) -> str:
        """The text that goes back to the model."""
        try:
            started, output = await self._run(call)
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
        await self._ctx.tool_result(call.id, output.text, output.truncated, duration)
        return output.text

    async def _run(self, call: Call) -> "tuple[float, Limited]":
        tool = TOOLS.get(call.name)
        if tool is None:
            raise ToolError("UNKNOWN_TOOL", f"there is no tool {call.name}; there are {', '.join(TOOLS)}")
        if call.arguments is None:
            shown = cut(call.raw, 200).text
            raise ToolError("INVALID_ARGUMENTS", f"the arguments are not a JSON object: {shown}")
        check(tool.parameters, call.arguments)
        work = ToolCall(call.id, call.arguments, self._workspace, self._ctx)
        reason = tool.needs_permission(work)
        if reason is not None and not await self._permissions.allows(call.id, tool.name, call.arguments, reason):
            raise ToolError("PERMISSION_DENIED", _DENIED)
        started = time.monotonic()
        output = await tool.run(work)
        return started, output if isinstance(output, Limited) else cut(output)

    async def _failed(self, call: Call, error: ToolError) -> str:
        message = cut(error.message).text
        await self._ctx.tool_error(call.id, error.code, message)
        return f"Error: {message}"
