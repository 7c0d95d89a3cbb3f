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

    def told(self, request: int = -1) -> list:
        """The tool results in what the model was sent."""
        return [m["content"] for m in self.ensemble.requests[request]["messages"] if m["role"] == "tool"]
