"""What was asked of the user and is waiting for its answer."""

from __future__ import annotations

import asyncio
import uuid
from dataclasses import dataclass
from typing import Dict, Tuple


@dataclass(frozen=True)
class Permission:
    approved: bool
    remember: str = "once"
    dismissed: bool = False


class PendingQuestions:
    def __init__(self) -> None:
        self._waiting: Dict[str, "asyncio.Future[dict]"] = {}

    def open(self) -> Tuple[str, "asyncio.Future[dict]"]:
        question_id = f"q_{uuid.uuid4().hex}"
        future: "asyncio.Future[dict]" = asyncio.get_running_loop().create_future()
        self._waiting[question_id] = future
        # A cancelled turn waits no more, and a late answer to it must find nothing.
        future.add_done_callback(lambda _: self._waiting.pop(question_id, None))
        return question_id, future

    def resolve(self, answer: dict) -> bool:
        future = self._waiting.get(str(answer.get("question_id")))
        if future is None or future.done():
            return False
        future.set_result(answer)
        return True
