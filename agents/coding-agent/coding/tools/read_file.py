"""read_file: a text file with line numbers."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Optional, Union

from coding.tools import picture_file, text_file
from coding.tools.tool import Picture, Tool, ToolCall

DEFAULT_LINES = 2000


async def run(call: ToolCall) -> Union[str, Picture]:
    path = call.workspace.resolve(call.arguments["path"])
    shown = await asyncio.to_thread(_picture, path, call.arguments["path"])
    if shown is not None:
        return shown
    offset = call.arguments.get("offset", 1)
    limit = call.arguments.get("limit", DEFAULT_LINES)
    text = await asyncio.to_thread(text_file.read, path, call.arguments["path"])
    lines = text.split("\n")
    if lines[-1] == "":
        lines.pop()
    if not lines:
        return "(the file is empty)"
    if offset > len(lines):
        return f"(the file has only {len(lines)} lines)"
    part = lines[offset - 1:offset - 1 + limit]
    numbered = [f"{number:>6}\t" + line.rstrip("\r") for number, line in enumerate(part, offset)]
    last = offset + len(part) - 1
    if last < len(lines):
        numbered.append(f"[lines {offset}-{last} of {len(lines)}; read on with offset {last + 1}]")
    return "\n".join(numbered)


def _picture(path: Path, shown: str) -> Optional[Picture]:
    try:
        data = picture_file.read(path)
    except OSError:
        # Reading it as text says what is wrong.
        return None
    return picture_file.picture(data, f"[Picture {shown}, {len(data)} bytes]")


TOOL = Tool(
    name="read_file",
    description=(
        "Reads a text file of the workspace. Each line is shown behind its number and a tab, which are not "
        f"part of the file. Shows {DEFAULT_LINES} lines unless told otherwise. Shows a picture (PNG, JPEG, "
        "GIF, WebP) as such."),
    parameters={
        "type": "object",
        "properties": {
            "path": {"type": "string", "description": "Path relative to the workspace"},
            "offset": {"type": "integer", "minimum": 1, "description": "First line to read, from 1"},
            "limit": {"type": "integer", "minimum": 1, "description": "How many lines to read"},
        },
        "required": ["path"],
    },
    run=run,
    only_reads=True,
)
