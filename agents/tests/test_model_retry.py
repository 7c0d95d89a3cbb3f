"""What passes by itself does not end a turn: a real agent against a model that fails now and then."""

import unittest

from coding_agent_test import CodingAgentTest
from scripted_ensemble import call, text

from coding.backoff import Backoff

OVERLOADED = {"code": "PROVIDER_OVERLOADED", "message": "Overloaded.", "retryable": True}


class ModelRetryTest(CodingAgentTest):
    async def test_a_call_that_was_refused_for_now_is_repeated_and_the_turn_goes_on(self):
        for status, code in ((429, "PROVIDER_RATE_LIMITED"), (529, "PROVIDER_OVERLOADED"),
                             (503, "PROVIDER_OVERLOADED"), (502, "PROVIDER_FAILED")):
            with self.subTest(code):
                self.ensemble.refuses(status, code).says(text("here"))
        agent = await self.agent(retry_first_seconds=0.01)
        for number in range(4):
            self.assertEqual((await agent.turn("hi"))["final_text"], "here")
        retries = agent.elements("model.retry")
        self.assertEqual([r["code"] for r in retries],
                         ["PROVIDER_RATE_LIMITED", "PROVIDER_OVERLOADED", "PROVIDER_OVERLOADED", "PROVIDER_FAILED"])
        self.assertEqual({(r["attempt"], r["replaces"]) for r in retries}, {(1, False)})
        # The second request is the first one once more.
        self.assertEqual(self.ensemble.requests[0], self.ensemble.requests[1])

    async def test_it_waits_as_long_as_the_provider_asks_and_says_so(self):
        self.ensemble.refuses(429, "PROVIDER_RATE_LIMITED", retry_after_ms=300).says(text("here"))
        agent = await self.agent(retry_first_seconds=0.01)
        await agent.turn("hi")
        self.assertEqual([r["delay_ms"] for r in agent.elements("model.retry")], [300])

    async def test_the_header_counts_where_the_body_names_no_time(self):
        self.ensemble.then(lambda exchange: exchange.json(503, b"busy", {"Retry-After": "1"})).says(text("here"))
        agent = await self.agent(retry_first_seconds=0.01)
        await agent.turn("hi")
        self.assertEqual([(r["code"], r["delay_ms"]) for r in agent.elements("model.retry")], [("HTTP_503", 1000)])

    async def test_an_answer_that_begins_again_replaces_what_there_was_of_it(self):
        for error in (None, OVERLOADED):
            self.ensemble.breaks(text("Half an ans"), error=error).says(text("The answer."))
        self.ensemble.says(text("bye"))
        agent = await self.agent(retry_first_seconds=0.01)
        for _ in range(2):
            self.assertEqual((await agent.turn("hi"))["final_text"], "The answer.")
        self.assertEqual([r["replaces"] for r in agent.elements("model.retry")], [True, True])
        await agent.turn("bye")
        self.assertNotIn("Half an ans", str(self.ensemble.requests[-1]["messages"]))

    async def test_a_tool_of_an_answer_that_was_cut_off_does_not_run_and_none_runs_twice(self):
        append = {"command": "echo run >> runs"}
        self.ensemble.breaks(call("c1", "bash", append)).says(call("c2", "bash", append))
        self.ensemble.breaks(text("I ra")).says(text("I ran it."))
        agent = await self.agent(retry_first_seconds=0.01)
        message_id = agent.ask("go")
        await agent.answer("permission", approved=True)
        complete = await agent.completion(message_id)
        self.assertEqual(complete["final_text"], "I ran it.")
        self.assertEqual((agent.workspace / "runs").read_text(), "run\n")
        self.assertEqual([(e["tool_call_id"], e["code"]) for e in agent.elements("tool_error")], [("c1", "NOT_RUN")])
        self.assertEqual([e["tool_call_id"] for e in agent.elements("tool_result")], ["c2"])

    async def test_a_person_can_stop_the_wait(self):
        self.ensemble.refuses(529, "PROVIDER_OVERLOADED", retry_after_ms=200_000).says(text("back"))
        agent = await self.agent()
        message_id = agent.ask("go")
        await agent.element("model.retry")
        agent.send({"type": "interrupt", "message_id": message_id})
        self.assertEqual((await agent.completion(message_id))["stop_reason"], "stopped")
        self.assertEqual((await agent.turn("again"))["final_text"], "back")

    async def test_a_wait_that_is_too_long_ends_the_turn_with_the_providers_reason(self):
        self.ensemble.refuses(429, "PROVIDER_RATE_LIMITED", retry_after_ms=301_000)
        agent = await self.agent()
        complete = await agent.turn("go")
        self.assertEqual((complete["stop_reason"], complete["error"]["code"]), ("error", "PROVIDER_RATE_LIMITED"))
        self.assertEqual(len(self.ensemble.requests), 1)

    async def test_a_token_that_a_restarted_ensemble_does_not_know_yet_is_tried_again(self):
        self.ensemble.refuses(503, "ENSEMBLE_UNAVAILABLE").refuses(401, "AUTH_FAILED", retryable=False)
        self.ensemble.says(text("back"))
        agent = await self.agent(retry_first_seconds=0.01)
        self.assertEqual((await agent.turn("go"))["final_text"], "back")

    async def test_what_does_not_pass_by_itself_is_not_repeated(self):
        self.ensemble.refuses(400, "PROVIDER_REJECTED", retryable=False)
        agent = await self.agent(retry_first_seconds=0.01)
        self.assertEqual((await agent.turn("go"))["error"]["code"], "PROVIDER_REJECTED")
        self.assertEqual(len(self.ensemble.requests), 1)


class BackoffTest(unittest.TestCase):
    def test_the_pauses_grow_and_end_after_five_minutes(self):
        now = 0.0
        backoff = Backoff(clock=lambda: now)
        pauses = []
        while True:
            pause = backoff.pause(0)
            if pause is None:
                break
            pauses.append(pause)
            now += pause
        self.assertLessEqual(sum(pauses), 300)
        self.assertGreater(sum(pauses), 240)
        for pause, least in zip(pauses, [1, 2, 4, 8, 16, 30, 30]):
            self.assertTrue(least <= pause <= least * 1.25, pauses)
