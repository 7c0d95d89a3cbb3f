"""What the agent may do without asking, and what it asks once, or once for a session."""

from __future__ import annotations

from typing import List, Optional

from coding.shell_commands import likes_of
from coding.tool_error import ToolError
from coding.tools import web_fetch
from coding.tools.tool import Tool, ToolCall
from podium.agent import AgentContext

MODES = ("ask", "edits", "plan", "all")
"""`ask` asks before edits, too; `edits` lets files change; `plan` only reads; `all` asks nothing."""
DEFAULT_MODE = "edits"

_DENIED = (
    "the user did not permit this. Do not try to reach the same end another way; "
    "go on without it or ask the user what to do.")
_PLAN_ONLY = "only a plan is wanted: say what you would do, and change nothing. The user ends this with /mode."


class Permissions:
    def __init__(self, ctx: AgentContext):
        self._ctx = ctx

    async def check(self, tool: Tool, call: ToolCall, by_user: bool = False) -> None:
        """Asks the user where that is needed; a ToolError where the call may not run. What the user says
        themselves is not asked about, but a deployment may still deny it."""
        reason = tool.needs_permission(call)
        mode = mode_of(self._ctx)
        if mode == "plan" and not (tool.only_reads or tool.in_plan_mode):
            raise ToolError("PLAN_ONLY", _PLAN_ONLY)
        likes = grants_for(tool.name, call.arguments)
        if self._is_ruled(likes, "deny"):
            raise ToolError("PERMISSION_DENIED", _DENIED)
        if mode == "all" or by_user:
            return
        if mode == "ask" and tool.edits and reason is None:
            reason = "It changes files."
        if reason is None or self._is_granted(likes):
            return
        answer = await self._ctx.ask_permission(call.id, tool.name, call.arguments, _with_likes(reason, likes))
        if not answer.approved:
            raise ToolError("PERMISSION_DENIED", _DENIED)
        if answer.remember == "session":
            self._ctx.state.grants.extend(like for like in likes or [] if like not in self._ctx.state.grants)

    def _is_granted(self, likes: Optional[List[str]]) -> bool:
        allowed = [*self._ctx.state.grants, *self._rules("allow")]
        return likes is not None and all(_covers(allowed, like) for like in likes)

    def _is_ruled(self, likes: Optional[List[str]], kind: str) -> bool:
        return any(_covers(self._rules(kind), like) for like in likes or [])

    def _rules(self, kind: str) -> List[str]:
        rules = self._ctx.get_config(f"permissions.{kind}", [])
        return [str(rule) for rule in rules] if isinstance(rules, list) else []


def _covers(rules: List[str], like: str) -> bool:
    """A rule may name all tools of a server: `tool:mcp__server__*`."""
    server, found, _ = like.rpartition("__")
    return like in rules or bool(found and like.startswith("tool:mcp__") and f"{server}__*" in rules)


def mode_of(ctx: AgentContext) -> str:
    """The session's, else the deployment's."""
    mode = ctx.state.mode or ctx.get_config("permission_mode")
    return mode if mode in MODES else DEFAULT_MODE


def grants_for(tool_name: str, arguments: dict) -> Optional[List[str]]:
    """What "for this session" would cover, or None when it can only be allowed once."""
    if tool_name == "web_fetch":
        return [f"web_fetch:{web_fetch.host_of(str(arguments.get('url')))}"]
    if tool_name != "bash":
        return [f"tool:{tool_name}"]
    likes = likes_of(str(arguments.get("command", "")))
    return None if likes is None else [f"bash:{like}" for like in likes]


def _with_likes(reason: str, likes: Optional[List[str]]) -> str:
    if likes is None:
        return f"{reason} It is too intricate to be allowed for the session."
    commands = [like.partition(":")[2] for like in likes if like.startswith("bash:")]
    return f"{reason} For the session it covers: {', '.join(commands)}." if commands else reason
