"""A full context is no end: a summary takes the place of what was said."""

from coding_agent_test import CodingAgentTest
from scripted_ensemble import call, text
from support import eventually

TOO_LONG = {"code": "CONTEXT_TOO_LONG", "retryable": False}


class CompactionTest(CodingAgentTest):
    def asks_for_a_summary(self, request: int) -> bool:
        return "replaced by a summary" in str(self.ensemble.requests[request]["messages"][-1]["content"])

    async def test_the_window_is_the_models_own_and_a_deployment_may_only_lower_it(self):
        self.ensemble.serves("demo", 32768, 8192).says(text("a"))
        agent = await self.agent(context_window=100_000)
        await agent.turn("hi")
        self.assertEqual((await agent.element("context_usage"))["max_tokens"], 32768)
        self.ensemble.says(text("b"))
        agent = await self.restarted(agent, context_window=9000)
        await agent.turn("hi")
        self.assertEqual((await agent.element("context_usage"))["max_tokens"], 9000)

    async def test_before_the_window_is_full_a_summary_replaces_the_conversation_and_the_work_goes_on(self):
        (self.workspace / "a.txt").write_text("x" * 2000)
        self.ensemble.serves("demo", 10_000, 1000)
        self.ensemble.says(call("c1", "read_file", {"path": "a.txt"}), tokens=9_300)
        self.ensemble.says(text("You want a poem. a.txt is full of x.")).says(text("Here is the poem."), tokens=300)
        agent = await self.agent()
        complete = await agent.turn("write a poem about a.txt")
        self.assertEqual(complete["final_text"], "Here is the poem.")
        self.assertTrue(self.asks_for_a_summary(1))
        # The summary is asked for where the provider has the conversation in its cache.
        self.assertTrue(self.begins_with_the_one_before(1))
        system, summary = self.ensemble.requests[2]["messages"]
        self.assertEqual((system["role"], summary["role"]), ("system", "user"))
        self.assertIn("a.txt is full of x.", summary["content"])
        self.assertIn("write a poem about a.txt", summary["content"])
        self.assertNotIn("xxx", summary["content"])
        compacted = await agent.element("context.compacted")
        self.assertEqual(compacted["reason"], "full")
        self.assertGreater(compacted["tokens_before"], compacted["tokens_after"])
        self.assertNotIn("You want a poem", agent.text())

    async def test_a_conversation_that_the_provider_finds_too_long_is_compacted_and_the_turn_goes_on(self):
        self.ensemble.says(text("long " * 500)).refuses(400, **TOO_LONG).says(text("The summary.")).says(text("hi!"))
        agent = await self.agent()
        await agent.turn("talk")
        self.assertEqual((await agent.turn("hi"))["final_text"], "hi!")
        self.assertEqual((await agent.element("context.compacted"))["reason"], "too_long")
        self.assertIn("The summary.", self.ensemble.requests[-1]["messages"][1]["content"])
        self.assertIn("hi", self.ensemble.requests[-1]["messages"][1]["content"])

    async def test_where_even_the_summary_is_too_long_it_is_made_of_less_and_less(self):
        self.ensemble.says(text("long " * 500)).refuses(400, **TOO_LONG)
        for _ in range(4):
            self.ensemble.refuses(400, **TOO_LONG)
        self.ensemble.says(text("hi!"))
        self.ensemble.serves("demo", 1000, 100)
        agent = await self.agent()
        await agent.turn("talk")
        self.assertEqual((await agent.turn("hi"))["final_text"], "hi!")
        sizes = [len(body) for body in self.ensemble.bodies[2:6]]
        self.assertEqual(sizes, sorted(sizes, reverse=True))
        self.assertLess(sizes[-1], sizes[0])

    async def test_a_person_can_ask_for_it_and_say_what_matters(self):
        self.ensemble.says(text("one")).says(text("The colour is blue.")).says(text("two"))
        agent = await self.agent()
        await agent.turn("hello")
        complete = await agent.turn("/compact keep the colours")
        self.assertIn("compacted", complete["final_text"])
        self.assertIn("keep the colours", self.ensemble.requests[1]["messages"][-1]["content"])
        self.assertEqual((await agent.element("context.compacted"))["reason"], "requested")
        agent = await self.restarted(agent)
        await agent.turn("next")
        self.assertIn("The colour is blue.", self.ensemble.requests[2]["messages"][1]["content"])
        self.assertEqual(self.ensemble.requests[2]["messages"][-1]["content"], "next")

    async def test_there_is_nothing_to_compact_in_a_new_session(self):
        agent = await self.agent()
        self.assertIn("nothing", (await agent.turn("/compact"))["final_text"])
        self.assertEqual(self.ensemble.requests, [])

    async def test_a_stop_during_the_summary_leaves_the_conversation_as_it_was(self):
        self.ensemble.says(text("one"))
        self.ensemble.then(lambda exchange: (exchange.begin(), exchange.wait_until_client_leaves()))
        self.ensemble.says(text("two"))
        agent = await self.agent()
        await agent.turn("hello")
        message_id = agent.ask("/compact")
        await eventually(lambda: len(self.ensemble.requests) == 2, "the summary is asked for")
        agent.send({"type": "interrupt", "message_id": message_id})
        self.assertEqual((await agent.completion(message_id))["stop_reason"], "stopped")
        await agent.turn("next")
        self.assertEqual([m.get("content") for m in self.ensemble.requests[2]["messages"]][1::2], ["hello", "next"])
