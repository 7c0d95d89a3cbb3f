"""list_files: what is in a folder, nearest levels first."""

from __future__ import annotations

import asyncio
import os
from collections import deque
from pathlib import Path
from typing import List

from coding.tool_error import ToolError
from coding.tools.tool import Tool, ToolCall

DEFAULT_DEPTH = 3
MAX_ENTRIES = 1000


def listing(root: Path, depth: int, limit: int) -> List[str]:
    """Level by level, so that one huge folder does not hide its neighbours; links are not followed."""
    found: List[str] = []
    folders = deque([(root, "", 1)])
    while folders:
        folder, prefix, level = folders.popleft()
        try:
            with os.scandir(folder) as scan:
                entries = sorted(scan, key=lambda entry: entry.name)
        except OSError as error:
            found.append(f"{prefix} ({error.strerror})")
            continue
        for entry in entries:
            if len(found) >= limit:
                return [*sorted(found), f"[more than {limit} entries; list a folder further down]"]
            is_folder = entry.is_dir(follow_symlinks=False)
            if is_folder and entry.name == ".git":
                continue
            name = prefix + entry.name + ("/" if is_folder else "@" if entry.is_symlink() else "")
            found.append(name)
            if is_folder and level < depth:
                folders.append((Path(entry.path), name, level + 1))
    return sorted(found)


async def run(call: ToolCall) -> str:
    shown = call.arguments.get("path", ".")
    path = call.workspace.resolve(shown)
    if not path.is_dir():
        raise ToolError("NOT_FOUND", f"there is no folder {shown}")
    depth = call.arguments.get("depth", DEFAULT_DEPTH)
    found = await asyncio.to_thread(listing, path, depth, MAX_ENTRIES)
    return "\n".join(found) or "(the folder is empty)"


TOOL = Tool(
    name="list_files",
    description=(
        "Lists a folder of the workspace and what is below it. Folders end in /, links in @. "
        f"Leaves out .git and stops at {MAX_ENTRIES} entries."),
    parameters={
        "type": "object",
        "properties": {
            "path": {"type": "string", "description": "Folder, relative to the workspace; all of it if left out"},
            "depth": {
                "type": "integer", "minimum": 1, "maximum": 10,
                "description": f"Levels to show, {DEFAULT_DEPTH} if left out",
            },
        },
        "required": [],
    },
    run=run,
    only_reads=True,
)
