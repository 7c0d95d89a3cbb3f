"""The echo agent: says the user's text back, word by word. Commands for tests are in commands.py."""

from __future__ import annotations

import re

from commands import COMMANDS
from podium.agent import AgentContext, BaseAgent, run
from podium.agent.models.delta_state import DeltaState


class EchoAgent(BaseAgent):
    class State(DeltaState):
        _version = 1
        _entity_type = "echo"
        count: int = 0

    async def on_message(self, ctx: AgentContext, message: dict) -> None:
        text = str(message.get("text", ""))
        name, _, rest = text.partition(" ")
        command = COMMANDS.get(name)
        if command is not None:
            await command(ctx, rest)
            return
        reply = await ctx.send_message("")
        for word in re.findall(r"\s*\S+\s*", text):
            await reply.stream_token(word)
        await reply.finish()


if __name__ == "__main__":
    run(EchoAgent)
