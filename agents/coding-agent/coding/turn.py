"""The loop: ask the model, run its tools, tell it the results, until it has nothing more to run."""

from __future__ import annotations

import asyncio
from typing import Dict

from coding.conversation import Conversation
from coding.response import Response
from coding.tool_runner import ToolRunner
from coding.tools import DEFINITIONS
from podium.agent import AgentContext
from podium.ensemble import Done, EnsembleClient

DEFAULT_MAX_STEPS = 50
DEFAULT_MAX_TOKENS = 8192
DEFAULT_CONTEXT_WINDOW = 200_000


class Turn:
    def __init__(self, ctx: AgentContext, conversation: Conversation, runner: ToolRunner):
        self._ctx = ctx
        self._conversation = conversation
        self._runner = runner
        self._window = int(ctx.get_config("context_window", DEFAULT_CONTEXT_WINDOW))

    async def run(self) -> None:
        max_steps = int(self._ctx.get_config("max_steps", DEFAULT_MAX_STEPS))
        for _ in range(max_steps):
            if not await self._step():
                return
        await self._say(
            f"I stopped here because I reached the limit of {max_steps} steps for one turn. "
            'Say "continue" and I will go on.')

    async def _step(self) -> bool:
        """True while there is more to do."""
        for text in self._ctx.take_steers():
            self._conversation.add_user(text)
        self._conversation.shrink(self._window)
        response = await self._call_model()
        self._conversation.add_assistant(response.history_blocks())
        self._conversation.measured(response.used_tokens)
        await self._ctx.context_usage(response.used_tokens, self._window)
        if response.finish_reason in ("max_tokens", "context_window_full"):
            await self._give_up_calls(response)
            self._ctx.stop_reason = "max_tokens"
            return False
        if response.finish_reason == "refusal" and not response.has_text():
            await self._say("The model declined to answer this.")
            return False
        for call in response.calls():
            self._conversation.add_tool_result(call.id, await self._runner.run(call))
        # A provider pauses when a tool of its own takes long: it goes on when it is asked again.
        paused = response.finish_reason == "pause_turn"
        return bool(response.calls()) or paused or self._ctx.has_steers()

    async def _call_model(self) -> Response:
        client = EnsembleClient(
            str(self._ctx.get_config("ensemble_url", "")),
            str(self._ctx.get_config("ensemble_api_key", "")),
            silence_seconds=float(self._ctx.get_config("ensemble_silence_seconds", 120)))
        response = Response(self._ctx)
        stream = client.stream(self._request())
        try:
            async for item in stream:
                if isinstance(item, Done):
                    await response.finish(item)
                else:
                    await response.take(item)
        except (asyncio.CancelledError, Exception):
            self._conversation.add_assistant(response.partial_blocks())
            raise
        finally:
            await stream.aclose()
        return response

    def _request(self) -> Dict[str, object]:
        return {
            "model": self._ctx.get_config("model", "demo"),
            "max_tokens": int(self._ctx.get_config("max_tokens", DEFAULT_MAX_TOKENS)),
            "messages": self._conversation.messages(),
            "tools": DEFINITIONS,
        }

    async def _give_up_calls(self, response: Response) -> None:
        """The last call of a cut answer may be cut too, and running half of them helps nobody."""
        note = "Error: this tool was not run, because the answer was cut at its token limit."
        for call_id in [*(call.id for call in response.calls()), *response.unfinished_calls()]:
            await self._ctx.tool_error(call_id, "NOT_RUN", note[len("Error: "):])
        self._conversation.settle(note)

    async def _say(self, text: str) -> None:
        message = await self._ctx.send_message(text)
        await message.finish()
        self._conversation.add_assistant([{"type": "text", "text": text}])
