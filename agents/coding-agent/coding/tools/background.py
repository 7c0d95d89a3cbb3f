"""Commands that run on while the agent does something else."""

from __future__ import annotations

import asyncio
import codecs
from typing import Dict, Optional

from coding.output_limit import Limited, OutputBuffer
from coding.tool_error import ToolError
from coding.tools.process_group import Group

MAX_RUNNING = 8
_READ_BYTES = 16 * 1024


class _Command:
    def __init__(self, process: asyncio.subprocess.Process):
        self._process = process
        self._group = Group(process.pid)
        self._output = OutputBuffer()
        self.changed = asyncio.Event()
        self._reader = asyncio.ensure_future(self._follow())

    async def _follow(self) -> None:
        decoder = codecs.getincrementaldecoder("utf-8")("replace")
        while True:
            data = await self._process.stdout.read(_READ_BYTES)
            self._output.add(decoder.decode(data, final=not data))
            self.changed.set()
            if not data:
                break
        await self._process.wait()
        self._group.release()
        self.changed.set()

    def take(self) -> Limited:
        """What came since the last look."""
        output, self._output = self._output, OutputBuffer()
        return output.result()

    def exit_code(self) -> Optional[int]:
        code = self._process.returncode
        return code if code is None or code >= 0 else 128 - code

    async def end(self) -> None:
        await self._group.end()
        await asyncio.wait({self._reader}, timeout=1)


class BackgroundCommands:
    """Those of one agent process, by their numbers; they end with it."""

    def __init__(self) -> None:
        self._commands: Dict[int, _Command] = {}
        self._last = 0

    async def start(self, command: str, folder: str, environment: Dict[str, str]) -> int:
        running = [number for number, one in self._commands.items() if one.exit_code() is None]
        if len(running) >= MAX_RUNNING:
            raise ToolError("TOO_MANY", f"{MAX_RUNNING} commands run in the background; end one with bash_kill")
        process = await asyncio.create_subprocess_exec(
            "bash", "-c", command, cwd=folder, env=environment, stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT, start_new_session=True)
        self._last += 1
        self._commands[self._last] = _Command(process)
        return self._last

    async def poll(self, number: int, seconds: float) -> Limited:
        """Its new output and whether it runs, at the latest after `seconds`, earlier when it has ended."""
        command = self._command(number)
        deadline = asyncio.get_running_loop().time() + seconds
        while command.exit_code() is None:
            command.changed.clear()
            left = deadline - asyncio.get_running_loop().time()
            if left <= 0:
                break
            try:
                await asyncio.wait_for(command.changed.wait(), left)
            except asyncio.TimeoutError:
                break
        output = command.take()
        code = command.exit_code()
        state = "it still runs" if code is None else f"exit code {code}"
        return Limited(f"{output.text.rstrip()}\n[{state}]".lstrip(), output.truncated)

    async def kill(self, number: int) -> Limited:
        command = self._command(number)
        await command.end()
        output = command.take()
        del self._commands[number]
        return Limited(f"{output.text.rstrip()}\n[command {number} was ended]".lstrip(), output.truncated)

    def _command(self, number: int) -> _Command:
        if number not in self._commands:
            raise ToolError("NOT_FOUND", f"there is no background command {number}; it ended with the agent's process")
        return self._commands[number]
