"""The hooks of the coding agent."""

from __future__ import annotations

import uuid
from typing import Optional

from coding import commands
from coding.attachments import content_of, prefixed
from coding.conversation import Conversation
from coding.model_call import ensemble
from coding.mcp_servers.servers import McpServers
from coding.model_limits import ModelCatalog
from coding.permissions import MODES, Permissions, mode_of
from coding.response import Call
from coding.session_context import SessionContext
from coding.sub_agents.task import SubAgents
from coding.tool_runner import ToolRunner
from coding.tools.bash import MAX_SECONDS
from coding.toolbox import Toolbox
from coding.tools.background import BackgroundCommands
from coding.turn import Turn
from coding.workspace import Workspace
from podium.agent import AgentContext, BaseAgent
from podium.agent.models.delta_state import DeltaState

_UNFINISHED = "Error: it is not known whether this tool ran; look what it has done before you run it again."


_MODES_SAY = {
    "ask": "edits and commands ask",
    "edits": "files of the workspace change without asking, commands ask",
    "plan": "nothing changes",
    "all": "nothing asks; the sandbox is the limit",
}


class CodingAgent(BaseAgent):
    class State(DeltaState):
        _version = 2
        _entity_type = "coding-agent"
        # What the user allowed for the session: kept, so that a restart does not ask again.
        grants: list = []
        # The conversation, each message as the JSON text that the model is sent.
        messages: list = []
        system: str = ""
        # The facts about the project and the machine that the model got last.
        told: dict = {}
        told_below: dict = {}
        used_tokens: int = 0
        # The steps that the user was shown.
        plan: list = []
        plan_turn: str = ""
        # What the user chose for the session; empty means what the deployment says.
        effort: str = ""
        mode: str = ""
        # Whether the project's MCP servers may start, by the digest of the file that names them.
        project_servers: dict = {}

    def __init__(self) -> None:
        self._conversation: Optional[Conversation] = None
        self._catalog = ModelCatalog()
        self._background = BackgroundCommands()
        self._servers = McpServers()

    async def on_steer(self, ctx: AgentContext, content: str) -> None:
        # The turn takes the guidance before its next model call; this only says that it arrived.
        await ctx.log("debug", "guidance received", "coding-agent")

    async def on_shutdown(self, ctx: AgentContext) -> None:
        await self._servers.close()

    async def on_message(self, ctx: AgentContext, message: dict) -> None:
        workspace = Workspace(ctx.workspace)
        conversation = self._recall(ctx, message)
        context = await SessionContext.now(ctx, workspace)
        limits = await self._catalog.limits(ctx, ensemble(ctx))
        command = commands.parse(str(message.get("text") or ""))
        servers = await self._servers.tools(ctx, workspace)
        sub_agents = SubAgents(ctx, self._background, limits, servers)
        toolbox = Toolbox([*servers, sub_agents.tool()])
        runner = ToolRunner(ctx, workspace, Permissions(ctx), self._background, limits.images, toolbox)
        turn = Turn(ctx, conversation, runner, limits, toolbox, context.begin)
        if command is not None:
            await _obey(ctx, command, turn, conversation, runner)
            return
        if conversation.is_empty() or not ctx.state.system:
            conversation.set_system(context.begin())
        content = content_of(message, workspace, limits.images)
        conversation.add_user(prefixed(context.news(), content))
        await turn.run()

    def _recall(self, ctx: AgentContext, message: dict) -> Conversation:
        if self._conversation is None:
            self._conversation = Conversation(ctx.state)
            if self._conversation.is_empty():
                self._conversation.begin_with(message.get("history") or [])
        self._conversation.settle(_UNFINISHED)
        return self._conversation


async def _obey(
    ctx: AgentContext, command: commands.Command, turn: Turn, conversation: Conversation, runner: ToolRunner
) -> None:
    if command.name == "compact":
        answer = await _compact(command.argument, turn, conversation)
    elif command.name == "run":
        answer = await _run(ctx, command.argument, conversation, runner)
    elif command.name == "mode":
        answer = _set_mode(ctx, command.argument)
    else:
        answer = _set_effort(ctx, command.argument)
    await (await ctx.send_message(answer)).finish()


async def _compact(wish: str, turn: Turn, conversation: Conversation) -> str:
    if conversation.is_empty():
        return "There is nothing to compact yet."
    await turn.compact("requested", wish, goes_on=False)
    return "The conversation is compacted: a summary has taken its place."


async def _run(ctx: AgentContext, line: str, conversation: Conversation, runner: ToolRunner) -> str:
    """A command of the user, in the sandbox; the model knows of it from its next turn on."""
    if not line:
        return "Say /run and a command for bash."
    call = Call(f"run_{uuid.uuid4().hex[:12]}", "bash", {"command": line, "timeout_seconds": MAX_SECONDS}, "")
    await ctx.tool_call_start(call.id, call.name)
    await ctx.tool_call(call.id, call.name, {"command": line})
    outcome = await runner.run(call, by_user=True)
    conversation.add_user(f"I ran this command in the workspace myself:\n{line}\n\n{outcome.content}")
    return "The command could not be run." if outcome.is_error else "The command ran."


def _set_mode(ctx: AgentContext, mode: str) -> str:
    if mode in MODES:
        ctx.state.mode = mode
    elif mode:
        return f"There is no mode {mode[:40]}; there are {', '.join(MODES)}."
    return f"The permission mode is {mode_of(ctx)}: {_MODES_SAY[mode_of(ctx)]}."


def _set_effort(ctx: AgentContext, effort: str) -> str:
    if effort not in commands.EFFORTS:
        return f"Say /effort and one of {', '.join(commands.EFFORTS)}."
    ctx.state.effort = effort
    return f"The thinking effort is {effort} from now on, where the model has one."
