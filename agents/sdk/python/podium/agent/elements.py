"""One method for each element that a turn can show (docs/agent-protocol.md)."""

from __future__ import annotations

import time
from abc import ABC, abstractmethod
from typing import Any, Optional


class Elements(ABC):
    """Mixed into the context, which says where elements go."""

    _thinking_since: Optional[float] = None

    @abstractmethod
    async def emit(self, element_type: str, **fields: Any) -> None:
        """Sends one element of the turn."""

    async def thinking_start(self) -> None:
        self._thinking_since = time.monotonic()
        await self.emit("thinking_start")

    async def thinking(self, text: str) -> None:
        await self.emit("thinking", text=text)

    async def thinking_complete(self) -> None:
        since, self._thinking_since = self._thinking_since, None
        await self.emit("thinking_complete", duration_ms=milliseconds_since(since))

    async def tool_call_start(self, tool_call_id: str, tool_name: str) -> None:
        await self.emit("tool_call_start", tool_call_id=tool_call_id, tool_name=tool_name)

    async def tool_call_delta(self, tool_call_id: str, arguments_delta: str) -> None:
        await self.emit("tool_call_delta", tool_call_id=tool_call_id, arguments_delta=arguments_delta)

    async def tool_call(self, tool_call_id: str, tool_name: str, arguments: dict) -> None:
        await self.emit("tool_call", tool_call_id=tool_call_id, tool_name=tool_name, arguments=arguments)

    async def tool_result(
        self, tool_call_id: str, output: str, truncated: bool = False, duration_ms: int = 0
    ) -> None:
        await self.emit(
            "tool_result", tool_call_id=tool_call_id, output=output, truncated=truncated,
            duration_ms=duration_ms)

    async def tool_error(self, tool_call_id: str, code: str, message: str) -> None:
        await self.emit("tool_error", tool_call_id=tool_call_id, code=code, message=message)

    async def terminal_output(self, tool_call_id: str, stream: str, text: str) -> None:
        await self.emit("terminal_output", tool_call_id=tool_call_id, stream=stream, text=text)

    async def terminal_complete(self, tool_call_id: str, exit_code: int, duration_ms: int) -> None:
        await self.emit(
            "terminal_complete", tool_call_id=tool_call_id, exit_code=exit_code, duration_ms=duration_ms)

    async def context_usage(self, used_tokens: int, max_tokens: int) -> None:
        await self.emit("context_usage", used_tokens=used_tokens, max_tokens=max_tokens)

    async def model_retry(self, attempt: int, delay_ms: int, code: str, message: str, replaces: bool) -> None:
        """A model call is repeated after a pause; `replaces` withdraws what was shown of its answer."""
        await self.emit(
            "model.retry", attempt=attempt, delay_ms=delay_ms, code=code, message=message, replaces=replaces)

    async def context_compacted(self, reason: str, tokens_before: int, tokens_after: int) -> None:
        """A summary has taken the place of what was said; `reason` is `full`, `too_long` or `requested`."""
        await self.emit(
            "context.compacted", reason=reason, tokens_before=tokens_before, tokens_after=tokens_after)

    async def code_block(self, language: str, text: str) -> None:
        await self.emit("code_block", language=language, text=text)


def milliseconds_since(moment: Optional[float]) -> int:
    return 0 if moment is None else int((time.monotonic() - moment) * 1000)
