"""bash: a shell command, its output shown while it runs."""

from __future__ import annotations

import asyncio
import codecs
import os
import time
from typing import Dict, Optional

from coding.output_limit import Limited, OutputBuffer
from coding.tool_error import ToolError
from coding.tools.process_group import Group
from coding.tools.tool import Tool, ToolCall

DEFAULT_SECONDS = 120
MAX_SECONDS = 600
# What a user can follow; the model's own limit is far lower.
MAX_LIVE_CHARACTERS = 1_000_000
# A background process may hold the pipes open for ever after the command itself has ended.
_PIPE_GRACE_SECONDS = 0.5
_READ_BYTES = 16 * 1024


def needs_permission(call: ToolCall) -> Optional[str]:
    return "It runs a shell command."


class Terminal:
    """Passes output on to the user, within a limit, and keeps what the model gets to read."""

    def __init__(self, call: ToolCall):
        self._call = call
        self._live_room = MAX_LIVE_CHARACTERS
        self.output = OutputBuffer()

    async def follow(self, name: str, stream: asyncio.StreamReader) -> None:
        decoder = codecs.getincrementaldecoder("utf-8")("replace")
        while True:
            data = await stream.read(_READ_BYTES)
            await self._show(name, decoder.decode(data, final=not data))
            if not data:
                return

    async def _show(self, name: str, text: str) -> None:
        if not text:
            return
        self.output.add(text)
        if self._live_room > 0:
            shown = text[:self._live_room]
            self._live_room -= len(shown)
            notice = "" if self._live_room else "\n[… further output is not shown live …]\n"
            await self._call.ctx.terminal_output(self._call.id, name, shown + notice)


async def run(call: ToolCall) -> Limited:
    if call.arguments.get("background"):
        return await _in_background(call)
    seconds = call.arguments.get("timeout_seconds", DEFAULT_SECONDS)
    terminal = Terminal(call)
    started = time.monotonic()
    process = await asyncio.create_subprocess_exec(
        "bash", "-c", call.arguments["command"], cwd=str(call.workspace.root), env=environment(),
        stdin=asyncio.subprocess.DEVNULL, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
        start_new_session=True)
    group = Group(process.pid)
    followers = {
        asyncio.ensure_future(terminal.follow("stdout", process.stdout)),
        asyncio.ensure_future(terminal.follow("stderr", process.stderr)),
    }
    exited = asyncio.ensure_future(_exit_code(process))
    try:
        done, _ = await asyncio.wait({exited}, timeout=seconds)
        if not done:
            await group.end()
            await exited
        await asyncio.wait(followers, timeout=_PIPE_GRACE_SECONDS)
    except asyncio.CancelledError:
        await group.end()
        raise
    finally:
        for task in (exited, *followers):
            task.cancel()
    group.release()
    code = exited.result()
    await call.ctx.terminal_complete(call.id, code, int((time.monotonic() - started) * 1000))
    return _result(terminal.output, code, None if done else seconds)


async def _in_background(call: ToolCall) -> Limited:
    number = await call.background.start(call.arguments["command"], str(call.workspace.root), environment())
    return Limited(f"Command {number} runs in the background. bash_poll shows its output, bash_kill ends it.", False)


async def _exit_code(process: asyncio.subprocess.Process) -> int:
    """The shell's convention for a signal. `process.wait()` would, in some versions of Python, also
    wait for the pipes, which a background process may hold."""
    while process.returncode is None:
        await asyncio.sleep(0.01)
    return process.returncode if process.returncode >= 0 else 128 - process.returncode


def _result(output: OutputBuffer, code: int, timed_out_after: Optional[int]) -> Limited:
    text, truncated = output.result()
    if timed_out_after is not None:
        raise ToolError(
            "TIMEOUT", f"the command was ended after {timed_out_after} s. Its output until then:\n{text}")
    if code != 0:
        text = f"{text.rstrip()}\n[exit code {code}]".lstrip()
    return Limited(text or "(no output)", truncated)


def environment() -> Dict[str, str]:
    """Without what concerns only the agent: its socket, and the path of its own modules."""
    return {
        name: value for name, value in os.environ.items()
        if not name.startswith("CONCERT_") and name != "PYTHONPATH"}


TOOL = Tool(
    name="bash",
    description=(
        "Runs a command with bash in the workspace and answers with its output (standard output and "
        "standard error) and its exit code. There is no input. Start servers and what takes long with "
        "background true, and look at them with bash_poll."),
    parameters={
        "type": "object",
        "properties": {
            "command": {"type": "string", "description": "The command"},
            "background": {"type": "boolean", "description": "Answer at once, and let the command run on"},
            "timeout_seconds": {
                "type": "integer", "minimum": 1, "maximum": MAX_SECONDS,
                "description": f"When to end the command, {DEFAULT_SECONDS} if left out",
            },
        },
        "required": ["command"],
    },
    run=run,
    needs_permission=needs_permission,
)
