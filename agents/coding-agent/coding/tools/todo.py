"""todo: the plan that the user sees, step by step."""

from __future__ import annotations

from typing import List

from coding.tool_error import ToolError
from coding.tools.tool import Tool, ToolCall

STATES = ("pending", "in_progress", "done", "cancelled")
_PLAN_ID = "plan"
_MAX_STEPS = 50


async def run(call: ToolCall) -> str:
    steps = [_step(number, step) for number, step in enumerate(call.arguments["steps"], 1)]
    if not 0 < len(steps) <= _MAX_STEPS:
        raise ToolError("INVALID_ARGUMENTS", f"a plan has 1 to {_MAX_STEPS} steps")
    before = [dict(step) for step in call.ctx.state.plan]
    await _show(call, before, steps)
    call.ctx.state.plan = steps
    done = sum(step["state"] in ("done", "cancelled") for step in steps)
    return f"The plan has {len(steps)} steps, {done} of them done."


def _step(number: int, step: dict) -> dict:
    title, state = step.get("title"), step.get("state", "pending")
    if not isinstance(title, str) or not title.strip() or state not in STATES:
        raise ToolError("INVALID_ARGUMENTS", f"a step has a title and a state, one of {', '.join(STATES)}")
    return {"step_id": str(number), "title": title.strip(), "state": state}


async def _show(call: ToolCall, before: List[dict], steps: List[dict]) -> None:
    """As events: the whole plan when it is new, other than before, or not shown in this turn yet; then the steps
    whose state has changed."""
    shown = [{"step_id": step["step_id"], "title": step["title"]} for step in steps]
    title = str(call.arguments.get("title") or "Plan")
    same = [step["title"] for step in before] == [step["title"] for step in steps]
    if not before:
        await call.ctx.emit("plan.created", plan_id=_PLAN_ID, title=title, steps=shown)
    elif not same or call.ctx.state.plan_turn != call.ctx.message_id:
        await call.ctx.emit("plan.revised", plan_id=_PLAN_ID, reason=title, steps=shown)
        before = []
    call.ctx.state.plan_turn = call.ctx.message_id
    states = {step["step_id"]: step["state"] for step in before}
    for step in steps:
        was = states.get(step["step_id"], "pending")
        if step["state"] == was:
            continue
        if step["state"] == "in_progress":
            await call.ctx.emit("plan.step_started", plan_id=_PLAN_ID, step_id=step["step_id"])
        elif step["state"] in ("done", "cancelled"):
            await call.ctx.emit(
                "plan.step_completed", plan_id=_PLAN_ID, step_id=step["step_id"], outcome=step["state"])


TOOL = Tool(
    name="todo",
    description=(
        "Shows the user your plan. Use it for work of three steps or more, and call it again with all steps "
        "whenever one begins or is done. One step at a time is in_progress."),
    parameters={
        "type": "object",
        "properties": {
            "title": {"type": "string", "description": "What the plan is for, or why it has changed"},
            "steps": {
                "type": "array",
                "description": "All steps in their order",
                "items": {
                    "type": "object",
                    "properties": {
                        "title": {"type": "string", "description": "The step"},
                        "state": {"type": "string", "enum": list(STATES)},
                    },
                    "required": ["title", "state"],
                },
            },
        },
        "required": ["steps"],
    },
    run=run,
    in_plan_mode=True,
)
