"""What the model can take and give, as Ensemble knows it."""

from __future__ import annotations

from typing import NamedTuple, Optional

from podium.agent import AgentContext
from podium.ensemble import EnsembleClient, EnsembleError

DEFAULT_WINDOW = 200_000
DEFAULT_OUTPUT = 8192


class ModelLimits(NamedTuple):
    window: int
    """Tokens of prompt and answer together."""
    output: int
    """Tokens of the longest answer."""
    images: bool
    thinking: bool


_UNKNOWN = ModelLimits(DEFAULT_WINDOW, DEFAULT_OUTPUT, images=False, thinking=False)


class ModelCatalog:
    """Asks once for each model. Where Ensemble does not answer, the next turn asks again."""

    def __init__(self) -> None:
        self._model: Optional[str] = None
        self._limits = _UNKNOWN

    async def limits(self, ctx: AgentContext, client: EnsembleClient) -> ModelLimits:
        """Those of the session's model. A deployment may only lower the window."""
        model = str(ctx.get_config("model", "demo"))
        if model != self._model:
            try:
                self._limits = await _ask(client, model)
                self._model = model
            except EnsembleError as error:
                await ctx.log("warn", f"the limits of {model} are not known: {error.message}", "coding-agent")
                self._limits = _UNKNOWN
        window = min(self._limits.window, int(ctx.get_config("context_window", self._limits.window)))
        return self._limits._replace(window=window)


async def _ask(client: EnsembleClient, model: str) -> ModelLimits:
    for entry in await client.models():
        if entry.get("id") == model:
            return ModelLimits(
                int(entry.get("context_window") or DEFAULT_WINDOW),
                int(entry.get("max_output_tokens") or DEFAULT_OUTPUT),
                entry.get("images") is True, entry.get("thinking") is True)
    return _UNKNOWN
