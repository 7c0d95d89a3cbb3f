"""The conversation outlives the process, byte for byte, with all tool calls and results."""

from coding_agent_test import CodingAgentTest
from scripted_ensemble import call, text
from support import eventually


class ConversationMemoryTest(CodingAgentTest):
    async def test_the_request_after_a_restart_begins_with_the_bytes_of_the_one_before_it(self):
        (self.workspace / "a.txt").write_text('one "two" \\ €\n')
        opaque = {"origin": "gemini", "json": '{"n": 1.10}'}
        thought = {"type": "thinking", "text": "hm", "signature": "s==", "opaque": opaque}
        self.ensemble.says(thought, call("c1", "read_file", {"path": "a.txt"}, raw='{ "path":"a.txt"}'))
        self.ensemble.says(call("c2", "read_file", {"path": "missing", "limit": 3}))
        self.ensemble.says(text("read \ud83d it")).says(text("again"))
        agent = await self.agent()
        await agent.turn("read it")
        agent = await self.restarted(agent)
        await agent.turn("and now?", history=[{"role": "user", "content": "read it"},
                                              {"role": "assistant", "content": "read it"}])
        for request in (1, 2, 3):
            self.assertTrue(self.begins_with_the_one_before(request), request)
        self.assertEqual([m["role"] for m in self.ensemble.requests[3]["messages"]],
                         ["system", "user", "assistant", "tool", "assistant", "tool", "assistant", "user"])

    async def test_a_call_that_was_running_when_the_process_died_has_one_result_and_does_not_run_again(self):
        self.ensemble.says(call("c1", "bash", {"command": "echo run >> runs; sleep 600"})).says(text("I looked."))
        agent = await self.agent()
        agent.ask("go")
        await agent.answer("permission", approved=True)
        await eventually((agent.workspace / "runs").exists, "the command runs")
        agent.process.kill()
        await agent.process.wait()
        agent = await self.restarted(agent)
        await agent.turn("what happened?")
        self.assertEqual((agent.workspace / "runs").read_text(), "run\n")
        results = [m for m in self.ensemble.requests[-1]["messages"] if m["role"] == "tool"]
        self.assertEqual([(m["tool_call_id"], m["is_error"]) for m in results], [("c1", True)])
        self.assertIn("not known whether this tool ran", results[0]["content"])

    async def test_calls_of_a_stopped_turn_say_which_ran_and_which_did_not(self):
        self.ensemble.says(call("c1", "bash", {"command": "sleep 600"}), call("c2", "bash", {"command": "true"}))
        self.ensemble.says(text("ok"))
        agent = await self.agent()
        message_id = agent.ask("go")
        await agent.answer("permission", approved=True)
        await agent.element("permission")
        agent.send({"type": "interrupt", "message_id": message_id})
        await agent.completion(message_id)
        await agent.turn("go on")
        self.assertIn("stopped while this tool ran", self.told()[0])
        self.assertIn("stopped before this tool ran", self.told()[1])

    async def test_a_session_without_a_kept_conversation_begins_with_its_texts(self):
        self.ensemble.says(text("yes"))
        agent = await self.agent({"_version": 1, "_entity_type": "coding-agent", "grants": ["bash:ls"]})
        await agent.turn("third", history=[{"role": "user", "content": "first"}, {"role": "assistant", "content": "second"}])
        said = [m.get("content") or m["content_blocks"][0]["text"] for m in self.ensemble.requests[0]["messages"]]
        self.assertEqual(said[1:], ["first", "second", "third"])
        self.assertEqual(agent.state()["grants"], ["bash:ls"])

    async def test_new_instructions_of_the_project_do_not_change_the_beginning(self):
        self.ensemble.says(text("one")).says(text("two")).says(text("three"))
        agent = await self.agent()
        await agent.turn("first")
        (self.workspace / "AGENTS.md").write_text("Use tabs.")
        agent = await self.restarted(agent)
        await agent.turn("second")
        await agent.turn("third")
        self.assertTrue(self.begins_with_the_one_before(1) and self.begins_with_the_one_before(2))
        users = [m["content"] for m in self.ensemble.requests[2]["messages"] if m["role"] == "user"]
        self.assertEqual([text.count("Use tabs.") for text in users], [0, 1, 0])
