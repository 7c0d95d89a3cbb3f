"""Commands in the background: started, looked at, ended."""

import os

from coding_agent_test import CodingAgentTest
from scripted_ensemble import call, text
from support import eventually, is_running

# What it writes into a file comes after what it prints, so the file says that the output is there.
SERVER = "echo listening; echo $$ > pid; sleep 600"


class BackgroundTest(CodingAgentTest):
    async def permitted(self, agent, *numbers: int):
        message_id = agent.ask("go")
        for number in numbers:
            await agent.answer("permission", number, approved=True)
        return await agent.completion(message_id)

    async def test_a_command_runs_on_over_turns_until_it_is_ended(self):
        self.ensemble.says(call("c1", "bash", {"command": SERVER, "background": True})).says(text("started"))
        agent = await self.agent()
        await self.permitted(agent, 1)
        await eventually(lambda: (self.workspace / "pid").exists() and (self.workspace / "pid").read_text(), "it runs")
        pid = int((self.workspace / "pid").read_text())
        self.ensemble.says(call("c2", "bash_poll", {"id": 1, "wait_seconds": 1})).says(call("c3", "bash_kill", {"id": 1}))
        self.ensemble.says(call("c4", "bash_poll", {"id": 1})).says(text("ended"))
        await agent.turn("look")
        self.assertEqual(self.told()[1], "listening\n[it still runs]")
        self.assertIn("command 1 was ended", self.told()[2])
        self.assertIn("there is no background command 1", self.told()[3])
        self.assertFalse(is_running(pid))

    async def test_a_poll_waits_for_the_end_and_tells_the_exit_code_and_only_what_is_new(self):
        self.ensemble.says(call("c1", "bash", {"command": "echo one; touch said; read x < go; echo two; exit 3", "background": True})).says(text("started"))
        self.ensemble.says(call("c2", "bash_poll", {"id": 1, "wait_seconds": 1}))
        self.ensemble.says(call("c3", "bash", {"command": "echo > go"}))
        self.ensemble.says(call("c4", "bash_poll", {"id": 1, "wait_seconds": 60})).says(text("done"))
        agent = await self.agent()
        os.mkfifo(self.workspace / "go")
        await self.permitted(agent, 1)
        await eventually((self.workspace / "said").exists, "it has said something")
        await self.permitted(agent, 2)
        self.assertEqual(self.told()[1], "one\n[it still runs]")
        self.assertEqual(self.told()[3], "two\n[exit code 3]")

    async def test_commands_in_the_background_end_with_the_agent_and_are_limited(self):
        self.ensemble.says(*(call(f"c{n}", "bash", {"command": SERVER, "background": True}) for n in range(9))).says()
        agent = await self.agent()
        await self.permitted(agent, *range(1, 10))
        self.assertEqual([e["code"] for e in agent.elements("tool_error")], ["TOO_MANY"])
        await eventually(lambda: (self.workspace / "pid").exists() and (self.workspace / "pid").read_text(), "it runs")
        await agent.stop()
        pid = int((self.workspace / "pid").read_text())
        await eventually(lambda: not is_running(pid), "the command ends with the agent")
