"""ask_user: a question to the person in front of the session."""

from __future__ import annotations

from coding.tool_error import ToolError
from coding.tools.tool import Tool, ToolCall


async def run(call: ToolCall) -> str:
    options = call.arguments.get("options") or []
    answers = await call.ctx.ask([{
        "key": "answer",
        "prompt": call.arguments["question"],
        "kind": "choice" if options else "text",
        "options": options,
    }])
    if answers is None:
        raise ToolError("DISMISSED", "the user dismissed the question; go on as well as you can without an answer")
    return str(answers.get("answer", ""))


TOOL = Tool(
    name="ask_user",
    description="Asks the user one question and waits for the answer.",
    parameters={
        "type": "object",
        "properties": {
            "question": {"type": "string", "description": "The question"},
            "options": {"type": "array", "items": {"type": "string"}, "description": "Answers to choose from, if any"},
        },
        "required": ["question"],
    },
    run=run,
    in_plan_mode=True,
)
