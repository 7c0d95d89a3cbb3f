"""bash_poll: what a command in the background has said since the last look."""

from __future__ import annotations

from coding.output_limit import Limited
from coding.tools.tool import Tool, ToolCall

MAX_SECONDS = 120


async def run(call: ToolCall) -> Limited:
    return await call.background.poll(call.arguments["id"], call.arguments.get("wait_seconds", 0))


TOOL = Tool(
    name="bash_poll",
    description="Shows the new output of a background command and whether it still runs. Can wait for its end.",
    parameters={
        "type": "object",
        "properties": {
            "id": {"type": "integer", "description": "The number that bash gave"},
            "wait_seconds": {
                "type": "integer", "minimum": 0, "maximum": MAX_SECONDS,
                "description": "How long to wait for its end, 0 if left out",
            },
        },
        "required": ["id"],
    },
    run=run,
    in_plan_mode=True,
)
