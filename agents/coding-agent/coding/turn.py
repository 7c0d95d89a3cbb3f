"""The loop: ask the model, run its tools, tell it the results, until it has nothing more to run."""

from __future__ import annotations

import asyncio
from typing import Any, Callable, Dict

from coding.compaction import Compaction
from coding.conversation import Conversation
from coding.model_call import ModelCall
from coding.model_limits import DEFAULT_OUTPUT, ModelLimits
from coding.response import Response
from coding.tool_runner import ToolRunner
from coding.toolbox import Toolbox
from podium.agent import AgentContext
from podium.ensemble import EnsembleError

DEFAULT_MAX_STEPS = 50
_FULL = 0.9
# An answer that is cut again and again says nothing new.
_MAX_CONTINUATIONS = 6
_CONTINUE = "[Your answer was cut at its length limit. Go on exactly where it stopped, and repeat nothing.]"


class Turn:
    def __init__(
        self, ctx: AgentContext, conversation: Conversation, runner: ToolRunner, limits: ModelLimits,
        toolbox: Toolbox, instructions: Callable[[], str]
    ):
        """`instructions` makes the system prompt anew, which only a compaction does."""
        self._ctx = ctx
        self._conversation = conversation
        self._runner = runner
        self._limits = limits
        self._definitions = toolbox.definitions()
        self._instructions = instructions
        self._max_tokens = min(limits.output, int(ctx.get_config("max_tokens", DEFAULT_OUTPUT)))
        self._continuations = 0
        self._continues = False

    async def run(self) -> None:
        max_steps = int(self._ctx.get_config("max_steps", DEFAULT_MAX_STEPS))
        for _ in range(max_steps):
            if not await self._step():
                return
        await self._say(
            f"I stopped here because I reached the limit of {max_steps} steps for one turn. "
            'Say "continue" and I will go on.')

    async def compact(self, reason: str, wish: str = "", goes_on: bool = True) -> None:
        await Compaction(self._ctx, self._conversation, self._limits).run(reason, self._body, wish, goes_on)
        self._conversation.set_system(self._instructions())

    async def _step(self) -> bool:
        """True while there is more to do."""
        for text in self._ctx.take_steers():
            self._conversation.add_user(text)
        if self._is_full():
            await self.compact("full")
        response = await self._answer()
        self._continues = False
        self._conversation.measured(response.used_tokens)
        await self._ctx.context_usage(response.used_tokens, self._limits.window)
        if response.finish_reason in ("max_tokens", "context_window_full"):
            return await self._cut_off(response)
        self._conversation.add_assistant(response.history_blocks())
        self._conversation.measured(response.used_tokens)
        if response.finish_reason == "refusal" and not response.has_text():
            await self._say("The model declined to answer this.")
            return False
        await self._runner.run_all(response.calls(), self._conversation)
        # A provider pauses when a tool of its own takes long: it goes on when it is asked again.
        paused = response.finish_reason == "pause_turn"
        return bool(response.calls()) or paused or self._ctx.has_steers()

    def _is_full(self) -> bool:
        window = self._limits.window
        room = min(_FULL * window, max(0.7 * window, window - self._max_tokens))
        # A summary and one message are the least there can be.
        if len(self._conversation.messages()) <= 2:
            return False
        return self._conversation.estimated_tokens() >= room or self._conversation.is_too_large_to_keep()

    async def _answer(self) -> Response:
        try:
            return await self._call_model()
        except EnsembleError as error:
            if error.code != "CONTEXT_TOO_LONG":
                raise
        await self.compact("too_long")
        return await self._call_model()

    async def _call_model(self) -> Response:
        call = ModelCall(self._ctx, lambda: Response(self._ctx, self._continues))
        try:
            return await call.run(self._body(self._tail()))
        except (asyncio.CancelledError, Exception):
            self._conversation.add_assistant(call.response.partial_blocks())
            raise

    def _body(self, tail: Dict[str, Any], *more: dict) -> bytes:
        head = {"model": self._ctx.get_config("model", "demo"), "tools": self._definitions}
        return self._conversation.request(head, tail, *more)

    def _tail(self) -> Dict[str, Any]:
        tail: Dict[str, Any] = {"max_tokens": self._max_tokens}
        effort = self._ctx.state.effort or self._ctx.get_config("thinking_effort")
        if effort and self._limits.thinking:
            tail["thinking"] = {"effort": effort}
        return tail

    async def _cut_off(self, response: Response) -> bool:
        """Goes on with a higher limit, or with a new answer where the limit is the model's own."""
        full = response.finish_reason == "context_window_full"
        raised = not full and self._raise_limit()
        self._continuations += 1
        goes_on = self._continuations <= _MAX_CONTINUATIONS
        blocks = response.history_blocks()
        calls = [*(call.id for call in response.calls()), *response.unfinished_calls()]
        said = bool(calls) or any(block["type"] == "text" for block in blocks)
        if said:
            self._conversation.add_assistant(blocks)
        await self._give_up_calls(calls, raised)
        if not goes_on or not (said or raised or full):
            self._ctx.stop_reason = "max_tokens"
            return False
        if full:
            await self.compact("full")
        elif said and not response.calls():
            self._conversation.add_user(_CONTINUE)
        self._continues = said and not calls
        return True

    def _raise_limit(self) -> bool:
        before, self._max_tokens = self._max_tokens, min(self._max_tokens * 4, self._limits.output)
        return self._max_tokens > before

    async def _give_up_calls(self, calls: "list[str]", raised: bool) -> None:
        """The last call of a cut answer may be cut too, and running half of them helps nobody."""
        advice = "Call it again." if raised else "Call it again with less at once."
        note = f"this tool was not run, because the answer was cut at its length limit. {advice}"
        for call_id in calls:
            await self._ctx.tool_error(call_id, "NOT_RUN", note)
        self._conversation.settle(f"Error: {note}")

    async def _say(self, text: str) -> None:
        message = await self._ctx.send_message(text)
        await message.finish()
        self._conversation.add_assistant([{"type": "text", "text": text}])
