import asyncio
import json
import struct
from pathlib import Path

from support import ECHO, AgentTest, eventually, is_running


class EchoTest(AgentTest):
    async def agent(self, **options):
        agent = await self.start(ECHO, **options)
        await agent.frame("ready")
        return agent

    async def test_a_text_comes_back_word_by_word_and_unchanged(self):
        agent = await self.agent()
        complete = await agent.turn("Hello,  wide\nwörld ")
        self.assertEqual(len(agent.elements("text_delta")), 3)
        self.assertEqual(agent.text(), "Hello,  wide\nwörld ")
        self.assertEqual(complete["final_text"], "Hello,  wide\nwörld ")

    async def test_think_shows_thinking_before_the_text(self):
        agent = await self.agent()
        await agent.turn("!think hm")
        self.assertEqual(
            agent.kinds(), ["thinking_start", "thinking", "thinking_complete", "text_delta", "text_final"])

    async def test_a_question_waits_for_its_answer(self):
        agent = await self.agent()
        message_id = agent.ask("!ask Which one?")
        question = await agent.answer("question", answers={"answer": "the red one"})
        await agent.completion(message_id)
        self.assertEqual(question["questions"][0]["prompt"], "Which one?")
        self.assertEqual(agent.text(), "answer: the red one")

    async def test_a_question_can_be_dismissed(self):
        agent = await self.agent()
        message_id = agent.ask("!ask Which one?")
        await agent.answer("question", dismissed=True)
        self.assertEqual((await agent.completion(message_id))["final_text"], "dismissed")

    async def test_a_permission_is_given_refused_or_dismissed(self):
        agent = await self.agent()
        answers = ({"approved": True, "remember": "session"}, {"approved": False}, {"dismissed": True})
        texts = []
        for number, answer in enumerate(answers, 1):
            message_id = agent.ask("!permit it")
            await agent.answer("permission", number, **answer)
            texts.append((await agent.completion(message_id))["final_text"])
        self.assertEqual(texts, ["approved session", "denied", "dismissed"])

    async def test_write_makes_a_file_in_the_workspace_and_read_says_it(self):
        agent = await self.agent()
        await agent.turn("!write folder/a.txt some text")
        self.assertEqual((agent.workspace / "folder" / "a.txt").read_text(), "some text")
        self.assertEqual((await agent.turn("!read folder/a.txt"))["final_text"], "some text")

    async def test_sleep_obeys_an_interrupt(self):
        agent = await self.agent()
        message_id = agent.ask("!sleep 600")
        await agent.element("text_delta")
        agent.send({"type": "interrupt", "message_id": message_id})
        complete = await agent.completion(message_id)
        self.assertEqual((complete["stop_reason"], complete["final_text"]), ("stopped", "sleeping 600 s"))

    async def test_sleep_says_how_it_was_steered(self):
        agent = await self.agent()
        message_id = agent.ask("!sleep 1")
        await agent.element("text_delta")
        agent.send({"type": "steer", "content": "to the left"})
        self.assertIn("steered: to the left", (await agent.completion(message_id))["final_text"])

    async def test_stream_sends_exactly_as_many_deltas(self):
        agent = await self.agent()
        await agent.turn("!stream 5000")
        self.assertEqual(len(agent.elements("text_delta")), 5000)
        self.assertTrue(agent.text().endswith(" 4999 "))

    async def test_count_goes_on_from_the_stored_state(self):
        agent = await self.agent(state={"_version": 1, "_entity_type": "echo", "count": 41})
        self.assertEqual((await agent.turn("!count"))["final_text"], "count 42")

    async def test_fail_ends_the_turn_and_not_the_process(self):
        agent = await self.agent()
        self.assertEqual((await agent.turn("!fail secret detail"))["stop_reason"], "error")
        self.assertNotIn("secret detail", json.dumps(agent.frames))
        self.assertEqual((await agent.turn("hello"))["stop_reason"], "end")

    async def test_crash_exits_with_three_in_the_middle_of_the_turn(self):
        agent = await self.agent()
        agent.ask("!crash")
        self.assertEqual(await agent.exit_code(), 3)
        self.assertIn("told to", agent.log())

    async def test_env_tells_what_the_agent_can_see(self):
        agent = await self.agent()
        seen = json.loads((await agent.turn("!env"))["final_text"])
        self.assertEqual(seen["environment"]["AGENT_WORKSPACE"], str(agent.workspace))
        self.assertIn("tmp", seen["directories"]["/"])

    async def test_garbage_is_a_frame_that_is_not_utf8(self):
        agent = await self.agent()
        agent.ask("!garbage")
        with self.assertRaisesRegex(AssertionError, "the agent left first"):
            await agent.frame("never")
        self.assertEqual(struct.unpack("<I", agent.raw[:4]), (256,))
        self.assertEqual(agent.raw[4], 0xFF)

    async def test_hugeframe_announces_two_hundred_mebibytes(self):
        agent = await self.agent()
        agent._pump.cancel()
        await asyncio.wait({agent._pump})
        agent.ask("!hugeframe")
        header = await asyncio.wait_for(agent.reader.readexactly(4), 15)
        self.assertEqual(struct.unpack("<I", header), (200 * 1024 * 1024,))

    async def test_hang_obeys_neither_interrupt_nor_sigterm(self):
        agent = await self.agent()
        message_id = agent.ask("!hang")
        await agent.element("text_delta")
        agent.send({"type": "interrupt", "message_id": message_id})
        # A signal sent before the handler is set aside would end nothing either: the loop is blocked.
        agent.process.terminate()
        with self.assertRaises(asyncio.TimeoutError):
            await asyncio.wait_for(agent.process.wait(), 0.5)
        self.assertFalse([f for f in agent.frames if f["type"] == "complete"])

    async def test_a_fork_bomb_stops_when_it_is_interrupted(self):
        agent = await self.agent()
        message_id = agent.ask("!forkbomb")
        children = Path(f"/proc/{agent.process.pid}/task/{agent.process.pid}/children")
        await eventually(lambda: len(children.read_text().split()) > 20, "it forks")
        started = [int(pid) for pid in children.read_text().split()]
        agent.send({"type": "interrupt", "message_id": message_id})
        self.assertEqual((await agent.completion(message_id))["stop_reason"], "stopped")
        self.assertFalse(any(map(is_running, started)))
