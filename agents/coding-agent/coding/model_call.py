"""One answer of the model, asked for again while what keeps it away passes by itself."""

from __future__ import annotations

import asyncio
from typing import Any, Callable

from coding.backoff import FIRST_SECONDS, LONGEST_SECONDS, Backoff
from podium.agent import AgentContext
from podium.ensemble import Done, EnsembleClient, EnsembleError

_UNKNOWN_TOKEN = ("AUTH_FAILED", "UNAUTHENTICATED")


def ensemble(ctx: AgentContext) -> EnsembleClient:
    return EnsembleClient(
        str(ctx.get_config("ensemble_url", "")),
        str(ctx.get_config("ensemble_api_key", "")),
        silence_seconds=float(ctx.get_config("ensemble_silence_seconds", 120)))


class ModelCall:
    def __init__(self, ctx: AgentContext, new_response: Callable[[], Any]):
        """`new_response` makes what takes the blocks: a `Response` or a `SilentResponse`."""
        self._ctx = ctx
        self._client = ensemble(ctx)
        self._new_response = new_response
        self.response = new_response()
        """The answer, or what there is of it when the call ended with an exception."""

    async def run(self, body: bytes) -> Any:
        """No tool runs before an answer is whole, so repeating the call repeats no work."""
        backoff = Backoff(
            float(self._ctx.get_config("retry_seconds", LONGEST_SECONDS)),
            float(self._ctx.get_config("retry_first_seconds", FIRST_SECONDS)))
        while True:
            try:
                await self._attempt(body)
                return self.response
            except EnsembleError as error:
                pause = backoff.pause(error.retry_after_ms / 1000) if _may_pass(error, backoff) else None
                if pause is None:
                    raise
                await self._ctx.model_retry(
                    backoff.attempt, round(pause * 1000), error.code, error.message, self.response.is_shown())
            await asyncio.sleep(pause)
            await self.response.withdraw()
            self.response = self._new_response()

    async def _attempt(self, body: bytes) -> None:
        stream = self._client.stream(body)
        try:
            async for item in stream:
                if isinstance(item, Done):
                    await self.response.finish(item)
                else:
                    await self.response.take(item)
        finally:
            await stream.aclose()


def _may_pass(error: EnsembleError, backoff: Backoff) -> bool:
    """An Ensemble that was started again knows the agent's token only after the coordinator has renewed
    it, which the report of a retry makes it do."""
    return error.retryable or (backoff.attempt > 0 and error.code in _UNKNOWN_TOKEN)
