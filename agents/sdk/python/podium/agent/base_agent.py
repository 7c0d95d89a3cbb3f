"""The hooks of an agent. Only `on_message` must be written."""

from __future__ import annotations

from podium.agent.context import AgentContext
from podium.agent.models.delta_state import DeltaState


class BaseAgent:
    class State(DeltaState):
        """No state, unless a subclass declares one."""

    async def on_init(self, ctx: AgentContext) -> None:
        """The state is already what an earlier process left; `ready` is sent when this returns."""

    async def on_message(self, ctx: AgentContext, message: dict) -> None:
        """One turn: `message` is the frame's data (`text`, `role`, `attachments`) with `id`, `origin`
        and, in the first message of a process, `history`. An interrupt cancels this coroutine."""
        raise NotImplementedError

    async def on_steer(self, ctx: AgentContext, content: str) -> None:
        """Guidance in the middle of a turn; it also waits in `ctx.take_steers()`."""

    async def on_config_change(self, ctx: AgentContext, changes: dict) -> None:
        """`ctx.config` already holds the changes."""

    async def on_shutdown(self, ctx: AgentContext) -> None:
        """The last chance to put something away; the process ends when this returns."""

    async def on_idle_timeout(self, ctx: AgentContext) -> bool:
        """Asked before a shutdown for idleness. False asks the coordinator to wait longer."""
        return True
