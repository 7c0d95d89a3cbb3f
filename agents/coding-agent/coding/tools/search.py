"""search: a regular expression over the text files of the workspace."""

from __future__ import annotations

import asyncio
import json
import os
import re
import sys
from pathlib import Path

from coding.tool_error import ToolError
from coding.tools.process_group import Group
from coding.tools.tool import Tool, ToolCall

TIME_LIMIT_SECONDS = 15.0
MAX_MATCHES = 200
_WORKER = Path(__file__).with_name("search_worker.py")


async def run(call: ToolCall) -> str:
    arguments = call.arguments
    shown = arguments.get("path", ".")
    path = call.workspace.resolve(shown)
    if not path.exists():
        raise ToolError("NOT_FOUND", f"there is no file or folder {shown}")
    try:
        re.compile(arguments["pattern"])
    except (re.error, RecursionError, OverflowError) as error:
        raise ToolError("INVALID_ARGUMENTS", f"the pattern is not a regular expression: {error}") from None
    request = {
        "root": str(call.workspace.root),
        "path": str(path),
        "pattern": arguments["pattern"],
        "ignore_case": arguments.get("ignore_case", False),
        "files": arguments.get("files", ""),
        "max_matches": MAX_MATCHES,
        "ignored": arguments.get("include_ignored", False),
    }
    return await _search(request, float(call.ctx.get_config("search_seconds", TIME_LIMIT_SECONDS)))


async def _search(request: dict, seconds: float) -> str:
    # In a process of its own: a pattern that backtracks without end holds the interpreter's lock,
    # and only a kill stops it.
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-I", str(_WORKER), stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE, start_new_session=True, env={"LC_ALL": "C.UTF-8", **_environment()})
    group = Group(process.pid)
    work = asyncio.ensure_future(process.communicate(json.dumps(request).encode()))
    try:
        done, _ = await asyncio.wait({work}, timeout=seconds)
        if not done:
            raise ToolError("TIMEOUT", f"the search took longer than {seconds:g} s; narrow the pattern or the path")
        if process.returncode != 0:
            raise ToolError("TOOL_FAILED", "the search failed")
        return work.result()[0].decode("utf-8", errors="replace") or "No matches."
    finally:
        work.cancel()
        if process.returncode is None:
            await group.end()
        group.release()


def _environment() -> dict:
    return {name: value for name, value in os.environ.items() if not name.startswith(("CONCERT_", "PYTHON"))}


TOOL = Tool(
    name="search",
    description=(
        "Searches the text files of the workspace for a regular expression (Python syntax) line by line. "
        f"Answers with path:line: text, at most {MAX_MATCHES} lines. Leaves out .git, binary files and "
        "what .gitignore names."),
    parameters={
        "type": "object",
        "properties": {
            "pattern": {"type": "string", "description": "Regular expression"},
            "path": {"type": "string", "description": "File or folder to search; the workspace if left out"},
            "files": {"type": "string", "description": "Only files whose name or path matches, such as *.py"},
            "include_ignored": {"type": "boolean", "description": "Search what .gitignore names, too"},
            "ignore_case": {"type": "boolean", "description": "Treat small and capital letters alike"},
        },
        "required": ["pattern"],
    },
    run=run,
    only_reads=True,
)
