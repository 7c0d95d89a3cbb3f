"""What a sub-agent sees of the platform: the parent's context, with a conversation and limits of its own."""

from __future__ import annotations

from typing import Any, Callable, List

from coding.sub_agents.state import SubAgentState
from podium.agent import AgentContext
from podium.agent.elements import Elements
from podium.agent.message import Message
from podium.agent.questions import Permission

# What the user sees of it, as calls inside the parent's call. Its text is the output of that call.
_SHOWN = frozenset({
    "tool_call_start", "tool_call", "tool_result", "tool_error", "terminal_output", "terminal_complete"})


class SubAgentContext(Elements):
    def __init__(self, parent: AgentContext, call_id: str, max_steps: int, spend: Callable[[int], None]):
        """`call_id` is the parent's tool call. `spend` gets the number of tokens of each model call."""
        self._parent = parent
        self._call_id = call_id
        self._max_steps = max_steps
        self._spend = spend
        self._messages: List[Message] = []
        self.state = SubAgentState(parent.state)
        self.workspace = parent.workspace
        self.message_id = parent.message_id
        self.stop_reason = "end"

    def get_config(self, path: str, default: Any = None) -> Any:
        return self._max_steps if path == "max_steps" else self._parent.get_config(path, default)

    async def emit(self, element_type: str, **fields: Any) -> None:
        if element_type == "text_delta":
            await self._parent.terminal_output(self._call_id, "stdout", fields["text"])
        elif element_type == "text_final":
            await self._parent.terminal_output(self._call_id, "stdout", "\n")
        elif element_type == "model.retry":
            # The parent's answer stays: what is replaced is a sub-agent's.
            await self._parent.emit(element_type, **{**fields, "replaces": False})
        elif element_type in _SHOWN:
            await self._parent.emit(element_type, **{**fields, "tool_call_id": self._shown_id(fields["tool_call_id"])})

    async def context_usage(self, used_tokens: int, max_tokens: int) -> None:
        self._spend(used_tokens)

    async def send_message(self, text: str = "", continues: bool = False) -> Message:
        message = Message(self, continues)  # type: ignore[arg-type]
        self._messages.append(message)
        await message.stream_token(text)
        return message

    def withdraw(self, message: Message) -> None:
        if message in self._messages:
            self._messages.remove(message)

    async def ask_permission(self, tool_call_id: str, tool_name: str, arguments: dict, reason: str) -> Permission:
        return await self._parent.ask_permission(
            self._shown_id(tool_call_id), tool_name, arguments, f"A sub-agent asks. {reason}")

    async def log(self, level: str, message: str, module: str = "agent") -> None:
        await self._parent.log(level, message, module)

    def has_steers(self) -> bool:
        return False

    def take_steers(self) -> List[str]:
        """Guidance is for the parent."""
        return []

    @property
    def final_text(self) -> str:
        return next((message.text for message in reversed(self._messages) if message.text), "")

    def _shown_id(self, call_id: str) -> str:
        return f"{self._call_id}.{call_id}"
