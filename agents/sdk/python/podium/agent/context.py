"""What an agent sees of the platform: its configuration, its state, and the turn it is working on."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import Any, Dict, List, Optional

from podium.agent.elements import Elements
from podium.agent.message import Message
from podium.agent.models.delta_state import DeltaState
from podium.agent.questions import PendingQuestions, Permission
from podium.ipc.connection import Connection


class AgentContext(Elements):
    def __init__(self, connection: Connection, init: dict, state: DeltaState):
        self.agent_id: str = str(init.get("agent_id", ""))
        self.agent_type: str = str(init.get("agent_type", ""))
        self.workspace = Path(init.get("workspace") or ".")
        self.config: Dict[str, Any] = dict(init.get("config") or {})
        self.state = state
        self.connection = connection
        self.questions = PendingQuestions()
        self.message_id: Optional[str] = None
        self.stop_reason = "end"
        self._messages: List[Message] = []
        self._steers: List[str] = []

    def get_config(self, path: str, default: Any = None) -> Any:
        """`get_config("bash.timeout", 120)` reads nested settings by their dotted path."""
        value: Any = self.config
        for key in path.split("."):
            if not isinstance(value, dict) or value.get(key) is None:
                return default
            value = value[key]
        return value

    def begin(self, message_id: str) -> None:
        self.message_id = message_id
        self.stop_reason = "end"
        self._messages = []

    @property
    def final_text(self) -> str:
        """The last passage with text, with those that it continues: the answer, or what there was of it."""
        text = ""
        for message in reversed(self._messages):
            text = message.text + text
            if text and not message.continues:
                break
        return text

    async def emit(self, element_type: str, **fields: Any) -> None:
        if self.message_id is None:
            raise RuntimeError("elements belong to a message; there is none at the moment")
        await self.connection.send({
            "type": "stream_update",
            "message_id": self.message_id,
            "element": {"type": element_type, **fields},
        })

    async def send_message(self, text: str = "", continues: bool = False) -> Message:
        """Begins a passage. With text it is shown at once; more may follow. `continues` joins it to the
        passage before it."""
        message = Message(self, continues)
        self._messages.append(message)
        await message.stream_token(text)
        return message

    def withdraw(self, message: Message) -> None:
        """Takes back a passage that another one replaces: it is no part of the final text."""
        if message in self._messages:
            self._messages.remove(message)

    async def ask_permission(
        self, tool_call_id: str, tool_name: str, arguments: dict, reason: str
    ) -> Permission:
        """Waits until the user decides. A dismissed question is a refusal."""
        question_id, answered = self.questions.open()
        await self.emit(
            "permission", question_id=question_id, tool_call_id=tool_call_id, tool_name=tool_name,
            arguments=arguments, reason=reason)
        answer = await answered
        dismissed = bool(answer.get("dismissed"))
        return Permission(
            approved=answer.get("approved") is True and not dismissed,
            remember="session" if answer.get("remember") == "session" else "once",
            dismissed=dismissed)

    async def ask(self, questions: List[dict]) -> Optional[Dict[str, Any]]:
        """The answers by key, or None when the user dismissed the questions."""
        question_id, answered = self.questions.open()
        await self.emit("question", question_id=question_id, questions=questions)
        answer = await answered
        if answer.get("dismissed"):
            return None
        return dict(answer.get("answers") or {})

    def add_steer(self, content: str) -> None:
        self._steers.append(content)

    def has_steers(self) -> bool:
        return bool(self._steers)

    def take_steers(self) -> List[str]:
        """Guidance that came since the last call. What a turn leaves waits for the next one."""
        taken, self._steers = self._steers, []
        return taken

    async def log(self, level: str, message: str, module: str = "agent") -> None:
        now = datetime.datetime.now(datetime.timezone.utc).isoformat(timespec="milliseconds")
        await self.connection.send({
            "type": "log", "level": level, "message": message, "module": module, "timestamp": now})
