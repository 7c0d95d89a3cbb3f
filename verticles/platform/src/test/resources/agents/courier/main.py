"""Runs what stands between [[[ and ]]] as a script, and says what it printed."""
from __future__ import annotations

import asyncio

from podium.agent import AgentContext, BaseAgent, run
from podium.agent.models.delta_state import DeltaState


class Courier(BaseAgent):
    class State(DeltaState):
        _version = 1
        _entity_type = "courier"
        count: int = 0

    async def on_message(self, ctx: AgentContext, message: dict) -> None:
        script = str(message["text"]).partition("[[[")[2].partition("]]]")[0]
        process = await asyncio.create_subprocess_exec(
            "sh", "-c", script, stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT)
        printed, _ = await process.communicate()
        reply = await ctx.send_message("")
        await reply.stream_token(printed.decode(errors="replace") + f"\nexit {process.returncode}")
        await reply.finish()


if __name__ == "__main__":
    run(Courier)
