"""An answer that is cut at its length limit goes on."""

from coding_agent_test import CodingAgentTest
from scripted_ensemble import call, text

WRITE = {"path": "a.txt", "content": "all of it"}


class OutputLengthTest(CodingAgentTest):
    def limits(self) -> list:
        return [request["max_tokens"] for request in self.ensemble.requests]

    async def test_a_text_that_is_cut_goes_on_with_a_higher_limit_as_one_answer(self):
        self.ensemble.serves("demo", 200_000, 64_000)
        self.ensemble.says(text("One, two, "), finish="max_tokens").says(text("three."))
        agent = await self.agent(max_tokens=8192)
        complete = await agent.turn("count")
        self.assertEqual((complete["stop_reason"], complete["final_text"]), ("end", "One, two, three."))
        self.assertEqual(self.limits(), [8192, 32768])
        self.assertTrue(self.begins_with_the_one_before(1))

    async def test_a_call_that_is_cut_does_not_run_and_is_made_again_with_a_higher_limit(self):
        self.ensemble.serves("demo", 200_000, 64_000)
        self.ensemble.says(call("c1", "write_file", {**WRITE, "content": "half"}), finish="max_tokens")
        self.ensemble.says(call("c2", "write_file", WRITE)).says(text("written"))
        agent = await self.agent()
        self.assertEqual((await agent.turn("write"))["final_text"], "written")
        self.assertEqual((agent.workspace / "a.txt").read_text(), "all of it")
        self.assertEqual([e["code"] for e in agent.elements("tool_error")], ["NOT_RUN"])
        self.assertIn("was not run", self.told(1)[0])

    async def test_the_limit_is_never_above_the_models_own(self):
        self.ensemble.serves("demo", 32_768, 4000)
        self.ensemble.says(text("One, "), finish="max_tokens").says(text("two."))
        agent = await self.agent(max_tokens=8192)
        self.assertEqual((await agent.turn("count"))["final_text"], "One, two.")
        self.assertEqual(self.limits(), [4000, 4000])

    async def test_an_answer_that_never_ends_ends_the_turn_and_says_why(self):
        for _ in range(8):
            self.ensemble.says(text("more "), finish="max_tokens")
        agent = await self.agent()
        self.assertEqual((await agent.turn("count"))["stop_reason"], "max_tokens")
        self.assertEqual(len(self.ensemble.requests), 7)
