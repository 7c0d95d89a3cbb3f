"""Sub-agents: what they are told, what they may do, what the user sees, and how many there can be."""

from coding_agent_test import CodingAgentTest
from scripted_ensemble import Exchange, answer, call, event, text


def task(call_id: str, prompt: str) -> dict:
    return call(call_id, "task", {"description": "a part", "prompt": prompt})


class SubAgentTest(CodingAgentTest):
    def tools(self, request: int) -> list:
        return [tool["name"] for tool in self.ensemble.requests[request]["tools"]]

    async def test_it_works_in_a_conversation_of_its_own_and_reports(self):
        (self.workspace / "a.txt").write_text("42")
        self.ensemble.says(task("t1", "find the number")).says(call("c1", "read_file", {"path": "a.txt"})).says(
            text("It is 42.")).says(text("The number is 42."))
        agent = await self.agent()
        complete = await agent.turn("which number is it?")
        self.assertEqual(complete["final_text"], "The number is 42.")
        self.assertEqual(self.told(), ["It is 42."])
        child = self.ensemble.requests[1]["messages"]
        self.assertEqual([m.get("content") for m in child[1:]], ["find the number"])
        self.assertIn("You are a sub-agent", child[0]["content"])
        # No sub-agents of sub-agents, and no second plan.
        self.assertFalse({"task", "todo", "ask_user"} & set(self.tools(1)))
        self.assertTrue(self.begins_with_the_one_before(2))

    async def test_the_user_sees_its_calls_inside_the_call_and_its_text_as_output(self):
        (self.workspace / "a.txt").write_text("42")
        self.ensemble.says(task("t1", "x")).says(call("c1", "read_file", {"path": "a.txt"})).says(
            text("It is 42.")).says(text("Done."))
        agent = await self.agent()
        await agent.turn("go")
        self.assertEqual([e["tool_call_id"] for e in agent.elements("tool_call")], ["t1", "t1.c1"])
        self.assertEqual([e["tool_call_id"] for e in agent.elements("tool_result")], ["t1.c1", "t1"])
        self.assertEqual("".join(e["text"] for e in agent.elements("terminal_output")), "It is 42.\n")
        self.assertEqual(agent.text(), "Done.")

    async def test_it_asks_what_the_parent_would_ask_and_a_grant_holds_for_both(self):
        self.ensemble.says(task("t1", "x")).says(call("c1", "bash", {"command": "echo one"})).says(text("ok")).says(
            call("c2", "bash", {"command": "echo two"})).says(text("done"))
        agent = await self.agent()
        turn = agent.ask("go")
        asked = await agent.answer("permission", approved=True, remember="session")
        self.assertEqual(asked["tool_call_id"], "t1.c1")
        await agent.completion(turn)
        self.assertEqual(len(agent.elements("permission")), 1)
        self.assertIn("two", self.told()[-1])

    async def test_where_only_a_plan_is_wanted_it_changes_nothing(self):
        self.ensemble.says(task("t1", "x")).says(call("c1", "write_file", {"path": "a", "content": "x"})).says(
            text("refused")).says(text("done"))
        agent = await self.agent(permission_mode="plan")
        await agent.turn("go")
        self.assertFalse((self.workspace / "a").exists())
        self.assertEqual(self.told(), ["refused"])

    async def test_number_steps_and_tokens_are_bounded(self):
        for bounds, wanted in (
                ({"max_per_turn": 1}, "at most 1 sub-agents"),
                ({"max_tokens_per_turn": 150}, "all the tokens"),
                ({"max_steps": 1}, "limit of 1 steps")):
            with self.subTest(bounds):
                used: list = []
                self.ensemble.always(lambda exchange, used=used: self.forever(exchange, used))
                agent = await self.agent(sub_agents=bounds)
                await agent.turn("go")
                self.assertIn(wanted, "\n".join(self.told()))
                await agent.stop()

    def forever(self, exchange: Exchange, used: list) -> None:
        """A parent that asks for two sub-agents, and sub-agents that never come to an end by themselves."""
        messages = self.ensemble.requests[-1]["messages"]
        used.append(messages)
        if "You are a sub-agent" in messages[0]["content"]:
            calls = sum(m["role"] == "tool" for m in messages)
            answer(exchange, [text("ok")] if calls >= 3 else [call(f"c{len(used)}", "list_files", {})], None, 100)
        elif any(m["role"] == "tool" for m in messages):
            answer(exchange, [text("done")], None, 100)
        else:
            answer(exchange, [task("t1", "x"), task("t2", "y")], None, 100)

    async def test_two_at_once_run_side_by_side(self):
        met: list = []

        def script(exchange: Exchange) -> None:
            messages = self.ensemble.requests[-1]["messages"]
            if "You are a sub-agent" in messages[0]["content"]:
                met.append(exchange)
                if len(met) == 2:
                    # Neither is answered before both have asked.
                    for one in met:
                        answer(one, [text("met")], None, 100)
                else:
                    exchange.wait_until_client_leaves()
            elif any(m["role"] == "tool" for m in messages):
                answer(exchange, [text("done")], None, 100)
            else:
                answer(exchange, [task("t1", "x"), task("t2", "y")], None, 100)
        self.ensemble.always(script)
        agent = await self.agent()
        await agent.turn("go")
        self.assertEqual(self.told(), ["met", "met"])

    async def test_it_ends_with_the_turn(self):
        def hang(exchange: Exchange) -> None:
            exchange.begin()
            exchange.chunk(event("block", text("I begin")))
            if exchange.wait_until_client_leaves():
                self.ensemble.client_left.set()
        self.ensemble.says(task("t1", "x")).then(hang)
        agent = await self.agent()
        turn = agent.ask("go")
        await agent.element("terminal_output")
        agent.send({"type": "interrupt", "message_id": turn})
        self.assertEqual((await agent.completion(turn))["stop_reason"], "stopped")
        self.assertTrue(self.ensemble.client_left.wait(60))
        self.ensemble.says(text("here"))
        self.assertEqual((await agent.turn("still there?"))["final_text"], "here")

    async def test_a_model_that_fails_costs_the_parent_one_call(self):
        self.ensemble.says(task("t1", "x")).then(
            lambda exchange: exchange.json(400, {"error": {"code": "INVALID_REQUEST", "message": "No.", "retryable": False}})
        ).says(text("done"))
        agent = await self.agent()
        await agent.turn("go")
        self.assertEqual(self.told(), ["Error: the sub-agent's model call failed: No."])
