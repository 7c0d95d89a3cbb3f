"""edit_file: replaces one exact passage."""

from __future__ import annotations

import asyncio
import re
from typing import List

from coding.tool_error import ToolError
from coding.tools import text_file
from coding.tools.tool import Tool, ToolCall
from coding.tools.write_file import needs_permission


def replace(text: str, old: str, new: str, shown: str, everywhere: bool = False) -> str:
    """The text with `old` replaced where it occurs, or a ToolError that says how to find it. It must occur
    once, unless it is replaced `everywhere`."""
    if not old:
        raise ToolError("INVALID_ARGUMENTS", "old_string is empty; use write_file to make a new file")
    if old == new:
        raise ToolError("INVALID_ARGUMENTS", "old_string and new_string are the same")
    if old not in text and "\r\n" in text:
        old, new = (re.sub(r"\r?\n", "\r\n", value) for value in (old, new))
    found = _lines_of(text, old)
    if not found:
        raise ToolError("NO_MATCH", _why_not_found(text, old, shown))
    if len(found) > 1 and not everywhere:
        lines = ", ".join(map(str, found[:20]))
        raise ToolError(
            "NOT_UNIQUE",
            f"old_string occurs {len(found)} times in {shown} (lines {lines}); "
            "include more of the surrounding text so that it occurs once, or set replace_all")
    return text.replace(old, new) if everywhere else text.replace(old, new, 1)


def _lines_of(text: str, old: str) -> List[int]:
    lines, at = [], text.find(old)
    while at >= 0:
        lines.append(text.count("\n", 0, at) + 1)
        at = text.find(old, at + 1)
    return lines


def _why_not_found(text: str, old: str, shown: str) -> str:
    message = f"old_string does not occur in {shown}"
    if re.match(r"\s*\d+\t", old):
        return f"{message}; leave out the line numbers that read_file shows"
    lines = text.split("\n")
    wanted = [line.strip() for line in old.strip().splitlines()]
    for number in range(len(lines) - len(wanted) + 1) if wanted else ():
        if [line.strip() for line in lines[number:number + len(wanted)]] == wanted:
            return f"{message} exactly, but from line {number + 1} on with other white space; copy it exactly"
    first = wanted[0] if wanted else ""
    similar = [str(number) for number, line in enumerate(lines, 1) if first and first in line]
    if similar:
        return f"{message}; its first line occurs in line {', '.join(similar[:5])}, but what follows differs"
    return f"{message}; read the file again, it may have changed"


async def run(call: ToolCall) -> str:
    shown = call.arguments["path"]
    path = call.workspace.resolve(shown)
    text = await asyncio.to_thread(text_file.read, path, shown)
    changed = replace(
        text, call.arguments["old_string"], call.arguments["new_string"], shown,
        call.arguments.get("replace_all", False))
    await asyncio.to_thread(text_file.write, path, shown, changed)
    return f"Edited {call.workspace.shown(path)}."


TOOL = Tool(
    name="edit_file",
    description=(
        "Replaces one passage of a text file. old_string must be copied exactly from the file, white space "
        "included, without line numbers, and must occur exactly once, unless replace_all is true."),
    parameters={
        "type": "object",
        "properties": {
            "path": {"type": "string", "description": "Path relative to the workspace"},
            "old_string": {"type": "string", "description": "The exact text to replace"},
            "new_string": {"type": "string", "description": "The text to put in its place"},
            "replace_all": {"type": "boolean", "description": "Replace every occurrence"},
        },
        "required": ["path", "old_string", "new_string"],
    },
    run=run,
    needs_permission=needs_permission,
    edits=True,
)
