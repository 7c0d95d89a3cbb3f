import base64
import threading

from coding_agent_test import CodingAgentTest
from scripted_ensemble import call, done, text


class CodingTurnTest(CodingAgentTest):
    async def test_text_is_passed_on_as_it_comes_and_ends_the_turn(self):
        self.ensemble.says(text("Hel"), text("lo €"))
        agent = await self.agent()
        complete = await agent.turn("hi")
        self.assertEqual(agent.kinds(), ["text_delta", "text_delta", "text_final", "context_usage"])
        self.assertEqual((complete["stop_reason"], complete["final_text"]), ("end", "Hello €"))

    async def test_text_reaches_the_user_while_the_model_is_still_speaking(self):
        go_on = threading.Event()
        self.addCleanup(go_on.set)

        def script(exchange):
            exchange.begin()
            exchange.event("block", text("early"))
            go_on.wait(15)
            exchange.event("done", done([text("early")]))
        self.ensemble.then(script)
        agent = await self.agent()
        message_id = agent.ask("hi")
        await agent.element("text_delta")
        self.assertFalse([f for f in agent.frames if f["type"] == "complete"])
        go_on.set()
        await agent.completion(message_id)

    async def test_a_tool_call_is_shown_step_by_step_and_its_result_goes_to_the_model(self):
        self.ensemble.says(text("Let me look."), call("c1", "read_file", {"path": "a.txt"})).says(text("Done."))
        agent = await self.agent()
        (agent.workspace / "a.txt").write_text("one\ntwo\n")
        complete = await agent.turn("read it")
        self.assertEqual(agent.kinds(), [
            "text_delta", "text_final", "tool_call_start", "tool_call_delta", "tool_call_delta", "tool_call",
            "context_usage", "tool_result", "text_delta", "text_final", "context_usage"])
        self.assertEqual(self.told(), ["     1\tone\n     2\ttwo"])
        self.assertEqual(complete["final_text"], "Done.")

    async def test_the_answer_with_its_calls_is_repeated_to_the_model_in_the_shape_of_the_contract(self):
        self.ensemble.says(text("a"), call("c1", "list_files", {})).says()
        agent = await self.agent()
        await agent.turn("go")
        self.assertEqual(self.ensemble.requests[1]["messages"][2], {"role": "assistant", "content_blocks": [
            {"type": "text", "text": "a"},
            {"type": "tool_call", "tool_call": {"id": "c1", "name": "list_files", "arguments": {}, "raw_arguments": "{}"}}]})
        self.assertEqual(self.ensemble.requests[1]["messages"][3]["tool_call_id"], "c1")

    async def test_thinking_is_shown_and_kept_with_its_signature_unchanged(self):
        thought = {"type": "thinking", "text": "hm", "signature": "sig==", "opaque": {"x": [1]}}
        self.ensemble.says(thought, call("c1", "list_files", {})).says(text("ok"))
        agent = await self.agent()
        await agent.turn("go")
        self.assertEqual(agent.kinds()[:3], ["thinking_start", "thinking", "thinking_complete"])
        self.assertEqual(self.ensemble.requests[1]["messages"][2]["content_blocks"][0], thought)

    async def test_calls_of_one_answer_run_in_order(self):
        self.ensemble.says(
            call("c1", "write_file", {"path": "a.txt", "content": "1"}),
            call("c2", "read_file", {"path": "a.txt"}),
            call("c3", "write_file", {"path": "a.txt", "content": "2"})).says()
        agent = await self.agent()
        await agent.turn("go")
        self.assertEqual([e["tool_call_id"] for e in agent.elements("tool_result")], ["c1", "c2", "c3"])
        self.assertEqual(self.told()[1], "     1\t1")
        self.assertEqual((agent.workspace / "a.txt").read_text(), "2")

    async def test_arguments_that_are_not_json_are_an_error_that_the_model_is_told(self):
        self.ensemble.says(call("c1", "read_file", None, raw='{"path": "a')).says(text("sorry"))
        agent = await self.agent()
        complete = await agent.turn("go")
        error = await agent.element("tool_error")
        self.assertEqual((error["tool_call_id"], error["code"]), ("c1", "INVALID_ARGUMENTS"))
        self.assertFalse(agent.elements("tool_call"))
        self.assertTrue(self.told()[0].startswith("Error: the arguments are not a JSON object"))
        self.assertEqual(
            self.ensemble.requests[1]["messages"][2]["content_blocks"][0]["tool_call"]["arguments"], {})
        self.assertEqual(complete["stop_reason"], "end")

    async def test_wrong_arguments_and_unknown_tools_are_errors_that_the_model_is_told(self):
        self.ensemble.says(
            call("c1", "read_file", {}), call("c2", "read_file", {"path": 7}),
            call("c3", "bash", {"command": "true", "timeout_seconds": 601}), call("c4", "fly", {})).says()
        agent = await self.agent()
        await agent.turn("go")
        self.assertEqual([e["code"] for e in agent.elements("tool_error")], ["INVALID_ARGUMENTS"] * 3 + ["UNKNOWN_TOOL"])
        self.assertTrue(all(told.startswith("Error: ") for told in self.told()))

    async def test_the_step_limit_ends_the_turn_and_says_how_to_go_on(self):
        for number in range(2):
            self.ensemble.says(call(f"c{number}", "list_files", {}))
        self.ensemble.says(text("finished"))
        agent = await self.agent(max_steps=2)
        complete = await agent.turn("go")
        self.assertEqual(len(self.ensemble.requests), 2)
        self.assertEqual(complete["stop_reason"], "end")
        self.assertIn('limit of 2 steps for one turn. Say "continue"', complete["final_text"])
        self.assertEqual((await agent.turn("continue"))["final_text"], "finished")

    async def test_what_only_the_provider_understands_goes_back_to_it_unchanged(self):
        opaque = {"origin": "gemini", "json": '{"thoughtSignature": "c2ln", "n": 1.10}'}
        thought = {"type": "thinking", "text": "", "opaque": opaque}
        signed = {"type": "text", "text": "", "opaque": opaque}
        foreign = {"type": "opaque", "opaque": opaque}
        tool = {**call("c1", "list_files", {}, raw='{ }'), "opaque": opaque}
        self.ensemble.says(thought, signed, foreign, tool).says(text("done"))
        agent = await self.agent()
        await agent.turn("go")
        sent = next(m for m in self.ensemble.requests[1]["messages"] if m["role"] == "assistant")
        self.assertEqual(sent["content_blocks"], [thought, signed, foreign, tool])

    async def test_an_answer_the_provider_paused_goes_on(self):
        self.ensemble.says(text("searching"), finish="pause_turn").says(text("found"))
        agent = await self.agent()
        self.assertEqual((await agent.turn("go"))["stop_reason"], "end")
        self.assertEqual(self.ensemble.requests[1]["messages"][-1]["role"], "assistant")

    async def test_a_failure_of_ensemble_is_the_failure_of_the_turn(self):
        error = {"code": "PROVIDER_QUOTA", "message": "Nothing is left.", "retryable": False}
        self.ensemble.then(lambda exchange: exchange.json(502, {"error": error})).says(text("back"))
        agent = await self.agent()
        complete = await agent.turn("go")
        self.assertEqual((complete["stop_reason"], complete["error"]), ("error", error))
        self.assertEqual((await agent.turn("again"))["final_text"], "back")

    async def test_a_stream_that_is_cut_off_is_an_error_and_never_a_normal_end(self):
        def script(exchange):
            exchange.begin()
            exchange.event("block", text("half an ans"))
            exchange.end()
        self.ensemble.then(script)
        agent = await self.agent(retry_seconds=0)
        complete = await agent.turn("go")
        self.assertEqual((complete["stop_reason"], complete["final_text"]), ("error", "half an ans"))
        self.assertEqual(complete["error"]["code"], "PROVIDER_FAILED")

    async def test_an_interrupt_closes_the_stream_and_keeps_what_was_said(self):
        left = threading.Event()

        def script(exchange):
            exchange.begin()
            exchange.event("block", text("slowly"))
            if exchange.wait_until_client_leaves():
                left.set()
        self.ensemble.then(script).says(text("yes"))
        agent = await self.agent()
        message_id = agent.ask("go")
        await agent.element("text_delta")
        agent.send({"type": "interrupt", "message_id": message_id})
        complete = await agent.completion(message_id)
        self.assertEqual((complete["stop_reason"], complete["final_text"]), ("stopped", "slowly"))
        self.assertTrue(left.wait(10))
        await agent.turn("go on")
        self.assertEqual(
            self.ensemble.requests[1]["messages"][2]["content_blocks"], [{"type": "text", "text": "slowly"}])

    async def test_guidance_reaches_the_model_before_its_next_answer(self):
        self.ensemble.says(call("c1", "ask_user", {"question": "?"})).says(text("turning"))
        agent = await self.agent()
        message_id = agent.ask("go")
        question = await agent.element("question")
        agent.send({"type": "steer", "content": "to the left"})
        agent.send({"type": "answer", "question_id": question["question_id"], "answers": {"answer": "ok"}})
        await agent.completion(message_id)
        self.assertEqual(self.ensemble.requests[1]["messages"][-1], {"role": "user", "content": "to the left"})

    async def test_guidance_during_the_last_answer_gets_an_answer_too(self):
        go_on = threading.Event()
        self.addCleanup(go_on.set)

        def script(exchange):
            exchange.begin()
            exchange.event("block", text("done"))
            go_on.wait(15)
            exchange.event("done", done([text("done")]))
        self.ensemble.then(script).says(text("and that too"))
        agent = await self.agent()
        message_id = agent.ask("go")
        await agent.element("text_delta")
        agent.send({"type": "steer", "content": "one more thing"})
        await agent.frame("log")
        go_on.set()
        self.assertEqual((await agent.completion(message_id))["final_text"], "and that too")

    async def test_the_conversation_goes_on_over_turns_and_begins_with_the_history(self):
        self.ensemble.says(text("two")).says(text("four"))
        agent = await self.agent()
        history = [{"role": "user", "content": "zero"}, {"role": "assistant", "content": "one"}]
        await agent.turn("first", history=history)
        await agent.turn("third")
        said = [m.get("content") or m["content_blocks"][0]["text"] for m in self.ensemble.requests[1]["messages"]]
        self.assertEqual(said[1:], ["zero", "one", "first", "two", "third"])

    async def test_the_system_prompt_holds_the_deployments_and_the_projects_own_words(self):
        self.ensemble.says()
        (self.workspace / "AGENTS.md").write_text("Use tabs.")
        (self.workspace / "CLAUDE.md").symlink_to("AGENTS.md")
        agent = await self.agent(system_prompt="Speak French.")
        await agent.turn("hi")
        system = self.ensemble.requests[0]["messages"][0]
        self.assertEqual(system["role"], "system")
        self.assertIn("Speak French.", system["content"])
        self.assertEqual(system["content"].count("Use tabs."), 1)

    async def test_an_instructions_file_that_leads_out_of_the_workspace_is_not_read(self):
        self.ensemble.says()
        (self.folder / "secret.md").write_text("top secret")
        (self.workspace / "AGENTS.md").symlink_to("../secret.md")
        agent = await self.agent()
        await agent.turn("hi")
        self.assertNotIn("top secret", self.ensemble.requests[0]["messages"][0]["content"])

    async def test_attached_text_is_given_to_the_model(self):
        self.ensemble.says()
        agent = await self.agent()
        await agent.turn("look", data={"text": "look", "role": "user", "attachments": [
            {"name": "a.csv", "media_type": "text/csv", "data_base64": base64.b64encode(b"1,2").decode()},
            {"name": "b.png", "media_type": "image/png", "data_base64": "AAAA"}]})
        content = self.ensemble.requests[0]["messages"][1]["content"]
        self.assertIn("[Attached file a.csv]\n1,2", content)
        self.assertIn("b.png of type image/png cannot be shown", content)

    async def test_the_context_in_use_is_reported_after_every_answer(self):
        self.ensemble.says(call("c1", "list_files", {}), tokens=500).says(tokens=700)
        agent = await self.agent(context_window=1000)
        await agent.turn("go")
        self.assertEqual([(e["used_tokens"], e["max_tokens"]) for e in agent.elements("context_usage")],
                         [(510, 1000), (710, 1000)])

    async def test_the_token_of_ensemble_appears_in_nothing_that_the_agent_sends(self):
        self.ensemble.then(lambda exchange: exchange.json(401, {"error": {"code": "UNAUTHORIZED", "message": "no"}}))
        agent = await self.agent(ensemble_api_key="sk-very-secret")
        await agent.turn("go")
        self.assertNotIn("sk-very-secret", repr(agent.frames) + agent.log())
