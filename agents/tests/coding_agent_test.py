"""What the tests of the coding agent share: a real agent process and a scripted model."""

from __future__ import annotations

from typing import Any

from scripted_ensemble import Ensemble
from support import CODING_AGENT, AgentTest, Coordinator


class CodingAgentTest(AgentTest):
    async def asyncSetUp(self) -> None:
        await super().asyncSetUp()
        self.ensemble = Ensemble()
        self.addCleanup(self.ensemble.close)

    async def agent(self, state: Any = None, **config: Any) -> Coordinator:
        agent = await self.start(
            CODING_AGENT, {"model": "demo", "ensemble_url": self.ensemble.url, "ensemble_api_key": "key", **config},
            state)
        await agent.frame("ready")
        return agent

    async def restarted(self, agent: Coordinator, **config: Any) -> Coordinator:
        """Another process, with the state that the coordinator has of the first."""
        state = agent.state()
        await agent.stop()
        fresh = await self.agent(state, **config)
        fresh.messages = agent.messages
        return fresh

    def begins_with_the_one_before(self, request: int) -> bool:
        """Whether a request repeats all messages of the one before it, byte for byte."""
        before, now = self.ensemble.bodies[request - 1], self.ensemble.bodies[request]
        return now.startswith(before[:before.rindex(b'],"max_tokens"')])

    def told(self, request: int = -1) -> list:
        """The tool results in what the model was sent."""
        return [m["content"] for m in self.ensemble.requests[request]["messages"] if m["role"] == "tool"]
