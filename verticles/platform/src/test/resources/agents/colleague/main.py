"""Writes what it is asked for into a file of the repository, and says which tokens of GitHub it could find."""
from __future__ import annotations

import os

from podium.agent import AgentContext, BaseAgent, run
from podium.agent.models.delta_state import DeltaState

# In two parts, so that it does not find itself.
TOKEN = b"ghs" + b"_"


def contents():
    yield repr(dict(os.environ)).encode()
    for pid in filter(str.isdigit, os.listdir("/proc")):
        for name in ("environ", "cmdline"):
            yield read(f"/proc/{pid}/{name}")
    for folder, _, names in os.walk("."):
        for name in names:
            yield read(os.path.join(folder, name))


def read(path):
    try:
        with open(path, "rb") as file:
            return file.read()
    except OSError:
        return b""


class Colleague(BaseAgent):
    class State(DeltaState):
        _version = 1
        _entity_type = "colleague"
        count: int = 0

    async def on_message(self, ctx: AgentContext, message: dict) -> None:
        wish = str(message["text"]).partition("write ")[2].split()[0]
        with open("README.md") as file:
            before = file.read()
        # A turn that was cut runs again.
        if wish not in before:
            with open("README.md", "w") as file:
                file.write(before + wish + "\n")
        found = sum(TOKEN in content for content in contents())
        reply = await ctx.send_message("")
        await reply.stream_token(f"I wrote {wish} and found {found} tokens.")
        await reply.finish()


if __name__ == "__main__":
    run(Colleague)
