"""task: lets a sub-agent do a part of the work. How many there are, what they may do and what they use is bounded."""

from __future__ import annotations

import asyncio
from typing import Any, Callable, List

from coding.conversation import Conversation
from coding.model_limits import ModelLimits
from coding.permissions import Permissions
from coding.sub_agents.context import SubAgentContext
from coding.tool_error import ToolError
from coding.tool_runner import ToolRunner
from coding.toolbox import Toolbox
from coding.tools.background import BackgroundCommands
from coding.tools.tool import Tool, ToolCall
from coding.turn import Turn
from podium.agent import AgentContext
from podium.ensemble import EnsembleError

NAME = "task"
# A sub-agent has none of its own, keeps no plan and asks no questions but for permission.
_NOT_FOR_SUB_AGENTS = (NAME, "todo", "ask_user")
_PER_TURN = 10
_AT_ONCE = 4
_STEPS = 30
_TOKENS_PER_TURN = 1_000_000
_ROLE = (
    "# Sub-agent\n\nYou are a sub-agent: another agent gave you one part of its work. You see nothing of its conversation. "
    "Do what the message says, and end with a report: what you found or changed, with the paths, and what is not done. "
    "Only this report goes back.")


class SubAgents:
    """Those of one turn. They end with it, because they run inside its tool calls."""

    def __init__(
        self, ctx: AgentContext, background: BackgroundCommands, limits: ModelLimits, more_tools: List[Tool]
    ):
        self._ctx = ctx
        self._background = background
        self._limits = limits
        self._toolbox = Toolbox(more_tools, without=_NOT_FOR_SUB_AGENTS)
        self._begun = 0
        self._tokens = 0
        self._places = asyncio.Semaphore(_AT_ONCE)

    def tool(self) -> Tool:
        return Tool(
            name=NAME,
            description=(
                "Gives a part of the work, such as a search through many files, to a sub-agent with the same tools and a "
                "conversation of its own, and answers with its report. It knows only the prompt. Several calls "
                "at once run side by side, so give them parts that do not touch the same files."),
            parameters={
                "type": "object",
                "properties": {
                    "description": {"type": "string", "description": "The part in three to six words, for the user"},
                    "prompt": {"type": "string", "description": "All that the sub-agent has to know, and what it reports"},
                },
                "required": ["description", "prompt"],
            },
            run=self._run,
            in_plan_mode=True,
            runs_beside=True)

    async def _run(self, call: ToolCall) -> str:
        most = self._setting("max_per_turn", _PER_TURN)
        if self._begun >= most:
            raise ToolError("SUB_AGENT_LIMIT", f"a turn has at most {most} sub-agents; do the rest yourself")
        self._check_tokens()
        self._begun += 1
        async with self._places:
            return await self._work(call)

    async def _work(self, call: ToolCall) -> str:
        ctx: Any = SubAgentContext(self._ctx, call.id, self._setting("max_steps", _STEPS), self._spend)
        instructions: Callable[[], str] = lambda: f"{self._ctx.state.system}\n\n{_ROLE}"
        conversation = Conversation(ctx.state)
        conversation.set_system(instructions())
        conversation.add_user(call.arguments["prompt"])
        runner = ToolRunner(
            ctx, call.workspace, Permissions(ctx), self._background, self._limits.images, self._toolbox)
        try:
            await Turn(ctx, conversation, runner, self._limits, self._toolbox, instructions).run()
        except EnsembleError as error:
            raise ToolError("SUB_AGENT_FAILED", f"the sub-agent's model call failed: {error.message}") from None
        return ctx.final_text or "(the sub-agent said nothing)"

    def _spend(self, tokens: int) -> None:
        self._tokens += tokens
        self._check_tokens()

    def _check_tokens(self) -> None:
        if self._tokens > self._setting("max_tokens_per_turn", _TOKENS_PER_TURN):
            raise ToolError(
                "SUB_AGENT_LIMIT", "the sub-agents of this turn have used all the tokens they may; do the rest yourself")

    def _setting(self, name: str, default: int) -> int:
        return int(self._ctx.get_config(f"sub_agents.{name}", default))
