import asyncio
import json
import struct

from support import FIXTURE, AgentTest, eventually, is_running


class SdkTest(AgentTest):
    async def agent(self, config=None, state=None):
        agent = await self.start(FIXTURE, config, state)
        await agent.frame("ready")
        return agent

    async def test_ready_names_the_sdk_and_comes_after_the_first_state(self):
        agent = await self.agent()
        self.assertEqual([f["type"] for f in agent.frames], ["state_delta", "ready"])
        self.assertIn("podium-python", agent.frames[1]["sdk"])

    async def test_streamed_tokens_become_deltas_a_final_text_and_a_completion(self):
        agent = await self.agent()
        complete = await agent.turn("hello")
        self.assertEqual(agent.elements(), [
            {"type": "text_delta", "text": "Hel"}, {"type": "text_delta", "text": "lo"},
            {"type": "text_final", "text": "Hello"}])
        self.assertEqual(complete, {
            "type": "complete", "message_id": "msg_1", "stop_reason": "end", "final_text": "Hello"})

    async def test_every_element_of_the_contract_can_be_sent(self):
        agent = await self.agent()
        await agent.turn("elements")
        self.assertEqual(agent.kinds(), [
            "thinking_start", "thinking", "thinking_complete", "tool_call_start", "tool_call_delta", "tool_call",
            "terminal_output", "terminal_complete", "tool_result", "tool_error", "context_usage", "code_block"])

    async def test_an_exception_ends_the_turn_with_a_safe_message_and_the_process_lives_on(self):
        agent = await self.agent()
        complete = await agent.turn("no_such_method")
        self.assertEqual(complete["stop_reason"], "error")
        self.assertEqual(complete["error"]["code"], "AGENT_ERROR")
        self.assertNotIn("no_such_method", complete["error"]["message"])
        self.assertIn("no_such_method", agent.log())
        self.assertEqual((await agent.turn("hello"))["stop_reason"], "end")

    async def test_an_agent_error_keeps_its_code_and_message(self):
        agent = await self.agent()
        self.assertEqual((await agent.turn("explain"))["error"], {
            "code": "NO_CREDIT", "message": "There is no credit left.", "retryable": True})

    async def test_an_interrupt_ends_the_turn_as_stopped_with_the_partial_text(self):
        agent = await self.agent()
        message_id = agent.ask("wait")
        await agent.element("text_delta")
        agent.send({"type": "interrupt", "message_id": message_id})
        complete = await agent.completion(message_id)
        self.assertEqual((complete["stop_reason"], complete["final_text"]), ("stopped", "part of"))
        self.assertEqual((await agent.turn("hello"))["stop_reason"], "end")

    async def test_an_interrupt_of_another_message_stops_nothing(self):
        agent = await self.agent()
        message_id = agent.ask("wait")
        await agent.element("text_delta")
        agent.send({"type": "interrupt", "message_id": "another"})
        agent.send({"type": "steer", "content": "marker"})
        await agent.frame("log")
        self.assertFalse([f for f in agent.frames if f["type"] == "complete"])
        agent.send({"type": "interrupt", "message_id": message_id})
        await agent.completion(message_id)

    async def test_messages_are_worked_on_one_after_the_other(self):
        agent = await self.agent()
        first, second = agent.ask("wait"), agent.ask("hello")
        await agent.element("text_delta")
        self.assertEqual(agent.text(), "part of")
        agent.send({"type": "interrupt", "message_id": second})
        agent.send({"type": "interrupt", "message_id": first})
        self.assertEqual((await agent.completion(second))["stop_reason"], "stopped")
        self.assertEqual(agent.text(), "part of")

    async def test_a_message_brings_its_id_origin_and_history(self):
        agent = await self.agent()
        await agent.turn("messages", history=[{"role": "user", "content": "earlier"}])
        self.assertEqual(agent.text(), "msg_1 web [{'role': 'user', 'content': 'earlier'}]")

    async def test_state_changes_arrive_before_the_completion(self):
        agent = await self.agent()
        await agent.turn("hello")
        kinds = [f["type"] for f in agent.frames]
        self.assertLess(len(kinds) - kinds[::-1].index("state_delta"), kinds.index("complete") + 1)
        self.assertIn(
            {"op": "add", "path": "/seen/-", "value": "hello"},
            [d for f in agent.frames if f["type"] == "state_delta" for d in f["deltas"]])

    async def test_the_state_of_an_earlier_version_is_migrated(self):
        agent = await self.agent(state={"_version": 1, "number": 4})
        self.assertEqual(agent.frames[0]["deltas"], [{"op": "replace", "path": "", "value": {
            "_version": 2, "_entity_type": "fixture", "count": 4, "seen": []}}])

    async def test_an_unchanged_state_is_not_reported_again(self):
        agent = await self.agent(state={"_version": 2, "_entity_type": "fixture", "count": 4, "seen": []})
        self.assertEqual([f["type"] for f in agent.frames], ["ready"])

    async def test_a_configuration_change_reaches_the_agent(self):
        agent = await self.agent(config={"model": "old"})
        agent.send({"type": "config_update", "changes": {"model": "new"}, "source": "user"})
        self.assertEqual((await agent.frame("log"))["message"], "changed: ['model'], model is new")

    async def test_frames_that_make_no_sense_are_ignored(self):
        agent = await self.agent()
        for frame in ({"type": "unknown"}, {"type": "config_update", "changes": [1]}, {"no": "type"},
                      {"type": "answer", "question_id": "q_never_asked", "approved": True}):
            agent.send(frame)
        self.assertEqual((await agent.turn("hello"))["stop_reason"], "end")

    async def test_text_larger_than_a_frame_is_sent_in_pieces(self):
        agent = await self.agent()
        complete = await agent.turn("huge")
        self.assertEqual(len(agent.text()), 17 * 1024 * 1024)
        self.assertIn("[… cut", complete["final_text"])

    async def test_an_element_that_fits_into_no_frame_costs_only_its_turn(self):
        agent = await self.agent()
        self.assertEqual((await agent.turn("oversized"))["stop_reason"], "error")
        self.assertEqual((await agent.turn("hello"))["stop_reason"], "end")

    async def test_a_shutdown_stops_the_turn_calls_the_hook_and_ends_the_process(self):
        agent = await self.agent()
        message_id = agent.ask("wait")
        await agent.element("text_delta")
        agent.send({"type": "shutdown", "reason": "user"})
        self.assertEqual(await agent.exit_code(), 0)
        self.assertEqual((await agent.completion(message_id))["stop_reason"], "stopped")
        self.assertIn({"op": "replace", "path": "/count", "value": 99}, agent.frames[-1]["deltas"])

    async def test_a_busy_agent_defers_a_shutdown_for_idleness(self):
        agent = await self.agent(config={"busy": True})
        agent.send({"type": "shutdown", "reason": "idle_timeout"})
        await agent.frame("shutdown_deferred")
        self.assertEqual((await agent.turn("hello"))["stop_reason"], "end")

    async def test_an_agent_that_cannot_begin_exits_without_ready(self):
        agent = await self.start(FIXTURE, {"fail_init": True})
        self.assertEqual(await agent.exit_code(), 1)
        self.assertFalse([f for f in agent.frames if f["type"] == "ready"])

    async def test_the_process_and_all_its_children_end_with_the_socket(self):
        agent = await self.agent()
        await agent.turn("children")
        pids = [int(pid) for pid in agent.text().split()]
        self.assertTrue(all(map(is_running, pids)))
        agent.writer.close()
        await agent.exit_code()
        await eventually(lambda: not any(map(is_running, pids)), "the children end")

    async def test_an_agent_that_blocks_its_event_loop_ends_with_the_socket_too(self):
        agent = await self.agent()
        agent.ask("block")
        await agent.element("text_delta")
        agent.writer.close()
        self.assertEqual(await agent.exit_code(), 1)

    async def test_garbage_from_the_coordinator_ends_the_process(self):
        agent = await self.agent()
        agent.writer.write(struct.pack("<I", 4) + b"\xff\xff\xff\xff")
        self.assertEqual(await agent.exit_code(), 1)
