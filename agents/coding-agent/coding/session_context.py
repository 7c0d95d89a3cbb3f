"""What the model knows besides the conversation: the system prompt, and news of what it is made of."""

from __future__ import annotations

import hashlib
from typing import Dict

from coding import prompt, skills
from coding.environment import Facts, facts
from coding.permissions import mode_of
from coding.workspace import Workspace
from podium.agent import AgentContext

_PLAN_MODE = (
    "# Plan mode\n\nThe user wants a plan and no changes: read, ask, and then say what you would do, step by step. "
    "Tools that change something are refused.")


class SessionContext:
    """As it is at one message."""

    def __init__(self, ctx: AgentContext, workspace: Workspace, environment: Facts):
        self._ctx = ctx
        self._workspace = workspace
        self._environment = environment

    @classmethod
    async def now(cls, ctx: AgentContext, workspace: Workspace) -> "SessionContext":
        return cls(ctx, workspace, await facts(workspace))

    def begin(self) -> str:
        """The system prompt of a conversation that begins."""
        parts = self._parts()
        self._ctx.state.told = self._digests(parts)
        self._ctx.state.told_below = {}
        return prompt.build(self._ctx.get_config("system_prompt"), parts)

    def news(self) -> str:
        """The facts that changed since the model got them. The system prompt stays as it is, so that the provider
        finds the conversation in its cache."""
        parts = self._parts()
        now, before = self._digests(parts), self._ctx.state.told
        changed = [text for name, text in parts.items() if now[name] != before.get(name)]
        gone = [f"[{name} does not apply any more.]" for name in before if name not in now]
        if changed or gone:
            self._ctx.state.told = now
        news = "\n\n".join([*changed, *gone])
        return f"[Since the last message this has changed:]\n\n{news}" if news else ""

    def _parts(self) -> Dict[str, str]:
        parts = {"Environment": self._environment.text}
        own = self._ctx.get_config("user_instructions")
        if own:
            parts["The user's own instructions"] = f"# The user's own instructions\n\n{own}"
        parts.update(prompt.project_notes(self._workspace))
        found = skills.describe(self._workspace)
        if found:
            parts["Skills"] = found
        if mode_of(self._ctx) == "plan":
            parts["Plan mode"] = _PLAN_MODE
        return parts

    def _digests(self, parts: Dict[str, str]) -> Dict[str, str]:
        essences = {**parts, "Environment": self._environment.essence}
        return {name: hashlib.sha256(text.encode("utf-8", "replace")).hexdigest() for name, text in essences.items()}
