import asyncio

from coding_agent_test import CodingAgentTest
from scripted_ensemble import call
from support import eventually, is_running


class CodingBashTest(CodingAgentTest):
    async def begin(self, command, **arguments):
        self.ensemble.says(call("c1", "bash", {"command": command, **arguments})).says()
        agent = await self.agent()
        self.message_id = agent.ask("go")
        await agent.answer("permission", approved=True)
        return agent

    async def result(self, command, **arguments):
        agent = await self.begin(command, **arguments)
        await agent.completion(self.message_id)
        return agent

    async def test_both_streams_are_shown_and_the_model_gets_the_exit_code(self):
        agent = await self.result("echo out; echo err >&2; exit 3")
        shown = {e["stream"]: e["text"] for e in agent.elements("terminal_output")}
        self.assertEqual(shown, {"stdout": "out\n", "stderr": "err\n"})
        self.assertEqual((await agent.element("terminal_complete"))["exit_code"], 3)
        self.assertTrue(self.told()[0].endswith("[exit code 3]"))
        self.assertEqual(agent.kinds()[-3:-1], ["terminal_complete", "tool_result"])

    async def test_output_is_shown_while_the_command_runs(self):
        agent = await self.begin("echo begun; until [ -e go ]; do sleep 0.02; done; echo ended")
        await agent.element("terminal_output")
        self.assertFalse(agent.elements("terminal_complete"))
        (agent.workspace / "go").touch()
        await agent.completion(self.message_id)
        self.assertEqual((await agent.element("tool_result"))["output"], "begun\nended\n")

    async def test_a_character_written_in_two_pieces_is_shown_whole(self):
        agent = await self.result(r"printf '\xe2\x82'; sleep 0.1; printf '\xac'")
        self.assertEqual((await agent.element("tool_result"))["output"], "€")

    async def test_the_command_runs_in_the_workspace_without_input_and_without_the_agents_socket(self):
        agent = await self.result("pwd; cat; env | grep -E 'CONCERT|PYTHONPATH'")
        self.assertEqual(self.told()[0], f"{agent.workspace}\n[exit code 1]")

    async def test_a_command_over_its_time_is_ended_with_all_it_started(self):
        agent = await self.result("sleep 600 & echo $!; wait", timeout_seconds=1)
        error = await agent.element("tool_error")
        self.assertEqual(error["code"], "TIMEOUT")
        self.assertIn("ended after 1 s", self.told()[0])
        child = int((await agent.element("terminal_output"))["text"])
        await eventually(lambda: not is_running(child), "the child ends")
        self.assertEqual((await agent.element("terminal_complete"))["exit_code"], 143)

    async def test_an_interrupt_ends_the_command_with_all_it_started_even_if_it_resists(self):
        agent = await self.begin("trap '' TERM; (trap '' TERM; echo $BASHPID; while :; do sleep 0.1; done)")
        child = int((await agent.element("terminal_output"))["text"])
        agent.send({"type": "interrupt", "message_id": self.message_id})
        complete = await asyncio.wait_for(agent.completion(self.message_id), 5)
        self.assertEqual(complete["stop_reason"], "stopped")
        self.assertEqual((await agent.element("tool_error"))["code"], "STOPPED")
        await eventually(lambda: not is_running(child), "the child ends")

    async def test_a_stopped_call_is_answered_in_the_next_turn(self):
        agent = await self.begin("echo x; sleep 600")
        await agent.element("terminal_output")
        agent.send({"type": "interrupt", "message_id": self.message_id})
        await agent.completion(self.message_id)
        await agent.turn("go on")
        self.assertIn("Error: the turn was stopped while this tool ran", self.told()[0])

    async def test_the_end_of_the_socket_ends_a_running_command(self):
        agent = await self.begin("echo $$; sleep 600")
        child = int((await agent.element("terminal_output"))["text"])
        agent.writer.close()
        await agent.exit_code()
        await eventually(lambda: not is_running(child), "the command ends")

    async def test_a_background_process_does_not_hold_the_turn_and_ends_with_the_agent(self):
        agent = await self.result("sleep 600 & echo $!")
        child = int((await agent.element("tool_result"))["output"])
        self.assertTrue(is_running(child))
        agent.writer.close()
        await agent.exit_code()
        await eventually(lambda: not is_running(child), "the background process ends")

    async def test_a_long_output_is_cut_in_the_middle_and_says_so(self):
        agent = await self.result("echo first; yes 0123456789 | head -n 10000; echo last")
        result = await agent.element("tool_result")
        self.assertTrue(result["truncated"])
        self.assertTrue(result["output"].startswith("first\n") and result["output"].endswith("last\n"))
        self.assertIn("[… 80011 characters cut …]", result["output"])
        self.assertLess(len(result["output"]), 30_100)
        self.assertEqual(result["output"], self.told()[0])

    async def test_an_endless_output_is_limited_where_the_user_sees_it(self):
        agent = await self.result("yes | head -c 5000000")
        self.assertLess(sum(len(e["text"]) for e in agent.elements("terminal_output")), 1_000_100)
        self.assertIn("not shown live", agent.elements("terminal_output")[-1]["text"])
