"""What the tests of a working day share: a model that is away now and then, restarts of the agent, a context that becomes
full, and what has to hold of all requests and events."""

from __future__ import annotations

import shutil
from typing import Callable, Dict, List, Sequence, Tuple

from coding_agent_test import CodingAgentTest
from scripted_ensemble import Exchange, answer, event, text


def text_of(message: dict) -> str:
    if isinstance(message.get("content"), str):
        return message["content"]
    return "\n".join(b.get("text") or b.get("tool_call", {}).get("raw_arguments") or "" for b in message["content_blocks"])


def limited(exchange: Exchange) -> None:
    exchange.json(429, {"error": {
        "code": "PROVIDER_RATE_LIMITED", "message": "Wait.", "retryable": True, "retry_after_ms": 20}})


def overloaded(exchange: Exchange) -> None:
    exchange.json(529, {"error": {"code": "PROVIDER_OVERLOADED", "message": "Busy.", "retryable": True}})


def cut_off(exchange: Exchange) -> None:
    exchange.begin()
    exchange.chunk(event("block", text("There are so ma")))
    exchange.end()


class WorkingDay(CodingAgentTest):
    """Says what a day consists of; a subclass has the tests."""

    turns: Sequence[str] = ()
    window = 0
    too_long_at = ""

    def reply(self, messages: List[dict]) -> dict:
        """What the model says, by what the conversation says: it remembers nothing itself."""
        raise NotImplementedError

    def fill(self) -> None:
        """Puts the project into the empty workspace."""
        raise NotImplementedError

    async def asyncSetUp(self) -> None:
        await super().asyncSetUp()
        self.ensemble.serves("demo", self.window, 1000)
        self.events: List[dict] = []
        self.asked = 0
        self.was_too_long = False

    def answers(self, disturbances: Dict[int, Callable]) -> None:
        def script(exchange: Exchange) -> None:
            self.asked += 1
            request = self.ensemble.requests[-1]
            tokens = len(self.ensemble.bodies[-1]) // 4
            last = text_of(request["messages"][-1])
            disturbance = disturbances.get(self.asked)
            if disturbance is not None:
                disturbance(exchange)
            elif last == self.too_long_at and not self.was_too_long:
                # Providers count in a way of their own.
                self.was_too_long = True
                exchange.json(400, {"error": {"code": "CONTEXT_TOO_LONG", "message": "Too long.", "retryable": False}})
            else:
                answer(exchange, [self.reply(request["messages"])], None, tokens)
        self.ensemble.always(script)

    async def day(self, disturbances: Dict[int, Callable], restarts: Tuple[int, ...]) -> List[str]:
        for path in self.workspace.iterdir():
            shutil.rmtree(path) if path.is_dir() else path.unlink()
        self.fill()
        self.answers(disturbances)
        self.ensemble.requests.clear()
        self.ensemble.bodies.clear()
        self.events.clear()
        self.asked = 0
        self.was_too_long = False
        config = {"permission_mode": "all", "max_tokens": 1000, "retry_first_seconds": 0.01}
        agent = await self.agent(**config)
        answers = []
        for number, wish in enumerate(self.turns):
            if number in restarts:
                self.events += agent.elements()
                agent = await self.restarted(agent, **config)
            complete = await agent.turn(wish)
            self.assertEqual(complete["stop_reason"], "end", complete)
            answers.append(complete["final_text"])
        self.events += agent.elements()
        await agent.stop()
        return answers

    def kept(self) -> List[bytes]:
        """The requests without those that are the one before them once more."""
        bodies = self.ensemble.bodies
        return [body for number, body in enumerate(bodies) if number == 0 or body != bodies[number - 1]]

    def check_events(self, disturbances: Dict[int, Callable]) -> None:
        retries = [e for e in self.events if e["type"] == "model.retry"]
        self.assertEqual(len(retries), sum(number <= self.asked for number in disturbances))
        self.assertEqual({e["code"] for e in retries}, {
            "PROVIDER_RATE_LIMITED", "PROVIDER_OVERLOADED", "PROVIDER_FAILED"})
        calls = [e["tool_call_id"] for e in self.events if e["type"] == "tool_call"]
        results = [e["tool_call_id"] for e in self.events if e["type"] in ("tool_result", "tool_error")]
        self.assertEqual(sorted(calls), sorted(set(calls)))
        self.assertEqual(calls, results)

    def compactions(self) -> List[str]:
        return [e["reason"] for e in self.events if e["type"] == "context.compacted"]

    def check_requests(self) -> None:
        bodies, compacted = self.ensemble.bodies, 0
        for number in range(1, len(bodies)):
            messages = self.ensemble.requests[number]["messages"]
            made_anew = len(messages) == 2 and "replaced by this summary" in text_of(messages[1])
            if made_anew and bodies[number] != bodies[number - 1]:
                compacted += 1
                self.assertIn("replaced by a summary", text_of(self.ensemble.requests[number - 1]["messages"][-1]))
                continue
            before = self.ensemble.requests[number - 1]["messages"]
            if len(messages) == 1:
                # What was too long to be sent is summarised from a record of it.
                self.assertIn("The conversation:", text_of(messages[0]))
            elif "replaced by a summary" not in text_of(before[-1]):
                self.assertTrue(self.begins_with_the_one_before(number), f"request {number}")
        self.assertEqual(compacted, len(self.compactions()))
        for request in self.ensemble.requests:
            self.assertEqual(*_calls_and_results(request["messages"]))


def _calls_and_results(messages: List[dict]) -> Tuple[List[str], List[str]]:
    calls = [b["tool_call"]["id"] for m in messages for b in m.get("content_blocks", []) if b["type"] == "tool_call"]
    return calls, [m["tool_call_id"] for m in messages if m["role"] == "tool"]
