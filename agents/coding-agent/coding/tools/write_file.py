"""write_file: a whole file at once."""

from __future__ import annotations

import asyncio
from typing import Optional

from coding.tools import text_file
from coding.tools.tool import Tool, ToolCall


def needs_permission(call: ToolCall) -> Optional[str]:
    path = call.workspace.resolve(call.arguments["path"])
    if call.workspace.is_protected(path):
        return f"{call.workspace.shown(path)} can make other programs run code."
    return None


async def run(call: ToolCall) -> str:
    path = call.workspace.resolve(call.arguments["path"])
    content = call.arguments["content"]
    await asyncio.to_thread(text_file.write, path, call.arguments["path"], content)
    return f"Wrote {len(content.splitlines())} lines to {call.workspace.shown(path)}."


TOOL = Tool(
    name="write_file",
    description="Writes a text file of the workspace, replacing what was in it. Makes missing folders.",
    parameters={
        "type": "object",
        "properties": {
            "path": {"type": "string", "description": "Path relative to the workspace"},
            "content": {"type": "string", "description": "The whole new content"},
        },
        "required": ["path", "content"],
    },
    run=run,
    needs_permission=needs_permission,
    edits=True,
)
