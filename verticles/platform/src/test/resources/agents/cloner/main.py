"""Plays the coding agent: clones the bundle beside it in place of an address, or writes what it is asked for into a file."""
from __future__ import annotations

import os
import subprocess

from podium.agent import AgentContext, BaseAgent, run
from podium.agent.models.delta_state import DeltaState

BUNDLE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "origin.bundle")


class Cloner(BaseAgent):
    class State(DeltaState):
        _version = 1
        _entity_type = "cloner"
        count: int = 0

    async def on_message(self, ctx: AgentContext, message: dict) -> None:
        text = str(message["text"])
        if text.startswith("/run "):
            # A turn that was cut runs again.
            if not os.path.exists(".git"):
                subprocess.run(["git", "clone", "-q", BUNDLE, "."], check=True)
            said = "The command ran."
        else:
            wish = text.partition("write ")[2].split()[0]
            with open("README.md", "a") as file:
                file.write(wish + "\n")
            said = f"I wrote {wish}."
        reply = await ctx.send_message("")
        await reply.stream_token(said)
        await reply.finish()


if __name__ == "__main__":
    run(Cloner)
