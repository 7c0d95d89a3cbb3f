"""The hooks of the coding agent."""

from __future__ import annotations

from typing import Optional

from coding import prompt
from coding.attachments import text_of
from coding.conversation import Conversation
from coding.permissions import Permissions
from coding.tool_runner import ToolRunner
from coding.turn import Turn
from coding.workspace import Workspace
from podium.agent import AgentContext, BaseAgent
from podium.agent.models.delta_state import DeltaState


class CodingAgent(BaseAgent):
    class State(DeltaState):
        _version = 1
        _entity_type = "coding-agent"
        # What the user allowed for the session: kept, so that a restart does not ask again.
        grants: list = []

    def __init__(self) -> None:
        self._conversation: Optional[Conversation] = None

    async def on_steer(self, ctx: AgentContext, content: str) -> None:
        # The turn takes the guidance before its next model call; this only says that it arrived.
        await ctx.log("debug", "guidance received", "coding-agent")

    async def on_message(self, ctx: AgentContext, message: dict) -> None:
        workspace = Workspace(ctx.workspace)
        if self._conversation is None:
            self._conversation = Conversation(message.get("history") or [])
        conversation = self._conversation
        conversation.set_system(prompt.build(workspace, ctx.get_config("system_prompt")))
        conversation.settle("Error: the turn was stopped before this tool ran.")
        conversation.add_user(text_of(message))
        runner = ToolRunner(ctx, workspace, Permissions(ctx))
        await Turn(ctx, conversation, runner).run()
