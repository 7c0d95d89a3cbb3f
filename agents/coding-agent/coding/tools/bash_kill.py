"""bash_kill: ends a command in the background with all it started."""

from __future__ import annotations

from coding.output_limit import Limited
from coding.tools.tool import Tool, ToolCall


async def run(call: ToolCall) -> Limited:
    return await call.background.kill(call.arguments["id"])


TOOL = Tool(
    name="bash_kill",
    description="Ends a background command and shows its last output.",
    parameters={
        "type": "object",
        "properties": {"id": {"type": "integer", "description": "The number that bash gave"}},
        "required": ["id"],
    },
    run=run,
)
