"""An agent that shows the SDK's hooks to the tests."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import time

from podium.agent import AgentContext, AgentError, BaseAgent, run
from podium.agent.models.delta_state import DeltaState


class FixtureAgent(BaseAgent):
    class State(DeltaState):
        _version = 2
        _entity_type = "fixture"
        seen: list = []
        count: int = 0

        @classmethod
        def migrate(cls, stored: dict, from_version: int) -> dict:
            return {"count": stored.get("number", 0)}

    async def on_init(self, ctx: AgentContext) -> None:
        if ctx.get_config("fail_init"):
            raise RuntimeError("told to")

    async def on_message(self, ctx: AgentContext, message: dict) -> None:
        ctx.state.seen.append(message["text"])
        await getattr(self, message["text"])(ctx, message)

    async def on_steer(self, ctx: AgentContext, content: str) -> None:
        await ctx.log("info", f"steered: {content}")

    async def on_config_change(self, ctx: AgentContext, changes: dict) -> None:
        await ctx.log("info", f"changed: {sorted(changes)}, model is {ctx.get_config('model')}")

    async def on_shutdown(self, ctx: AgentContext) -> None:
        ctx.state.count = 99
        await ctx.log("info", "shut down")

    async def on_idle_timeout(self, ctx: AgentContext) -> bool:
        return not ctx.get_config("busy", False)

    async def hello(self, ctx: AgentContext, message: dict) -> None:
        reply = await ctx.send_message("")
        await reply.stream_token("Hel")
        await reply.stream_token("lo", final=True)

    async def elements(self, ctx: AgentContext, message: dict) -> None:
        await ctx.thinking_start()
        await ctx.thinking("hm")
        await ctx.thinking_complete()
        await ctx.tool_call_start("c1", "t")
        await ctx.tool_call_delta("c1", "{}")
        await ctx.tool_call("c1", "t", {})
        await ctx.terminal_output("c1", "stdout", "out")
        await ctx.terminal_complete("c1", 0, 1)
        await ctx.tool_result("c1", "done")
        await ctx.tool_error("c2", "CODE", "why")
        await ctx.context_usage(1, 2)
        await ctx.code_block("python", "pass")

    async def explain(self, ctx: AgentContext, message: dict) -> None:
        raise AgentError("NO_CREDIT", "There is no credit left.", retryable=True)

    async def wait(self, ctx: AgentContext, message: dict) -> None:
        await ctx.send_message("part of")
        await asyncio.Event().wait()

    async def block(self, ctx: AgentContext, message: dict) -> None:
        await ctx.send_message("blocking")
        time.sleep(600)

    async def huge(self, ctx: AgentContext, message: dict) -> None:
        message = await ctx.send_message("x" * (17 * 1024 * 1024))
        await message.finish()

    async def oversized(self, ctx: AgentContext, message: dict) -> None:
        await ctx.tool_result("c1", "x" * (17 * 1024 * 1024))

    async def children(self, ctx: AgentContext, message: dict) -> None:
        """One ordinary child, and one that has left its parent and its session."""
        child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
        stray = subprocess.check_output(["bash", "-c", "setsid sleep 600 >/dev/null 2>&1 & echo $!"])
        await ctx.send_message(f"{child.pid} {int(stray)}")

    async def messages(self, ctx: AgentContext, message: dict) -> None:
        await ctx.send_message(f"{message['id']} {message['origin']['channel']} {message.get('history')}")


if __name__ == "__main__":
    run(FixtureAgent)
