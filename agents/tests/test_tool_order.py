"""Which tool calls run in parallel, and which result the model gets for each."""

import asyncio
from unittest.mock import AsyncMock, Mock

from coding_agent_test import CodingAgentTest
from scripted_ensemble import call, text
from support import TIMEOUT

from coding.response import Call
from coding.tool_runner import ToolRunner
from coding.toolbox import Toolbox
from coding.tools.background import BackgroundCommands
from coding.tools.tool import Tool
from coding.workspace import Workspace


class ToolOrderTest(CodingAgentTest):
    async def test_calls_that_only_read_run_together_and_answer_in_their_order(self):
        begun, all_begun = [], asyncio.Event()

        async def run(work) -> str:
            # None of the three ends before all have begun.
            begun.append(work.id)
            if len(begun) == 3:
                all_begun.set()
            await asyncio.wait_for(all_begun.wait(), TIMEOUT)
            return work.arguments["name"]
        parameters = {"type": "object", "properties": {"name": {"type": "string"}}, "required": ["name"]}
        meet = Tool("meet", "", parameters, run, only_reads=True)
        runner = ToolRunner(AsyncMock(state=Mock(mode="", grants=[]), get_config=lambda path, default=None: default),
                            Workspace(self.workspace), AsyncMock(), BackgroundCommands(), False, Toolbox([meet]))
        conversation = Mock()
        await runner.run_all([Call(name, "meet", {"name": name}, "") for name in "abc"], conversation)
        self.assertEqual([c.args[:2] for c in conversation.add_tool_result.call_args_list],
                         [("a", "a"), ("b", "b"), ("c", "c")])

    async def test_a_call_that_changes_something_waits_for_those_before_it(self):
        self.ensemble.says(
            call("c1", "read_file", {"path": "a.txt"}), call("c2", "write_file", {"path": "a.txt", "content": "new"}),
            call("c3", "read_file", {"path": "a.txt"})).says()
        (self.workspace / "a.txt").write_text("old")
        agent = await self.agent()
        await agent.turn("go")
        self.assertEqual(self.told(), ["     1\told", "Wrote 1 lines to a.txt.", "     1\tnew"])

    async def test_a_failed_call_is_marked_and_one_that_worked_is_not(self):
        self.ensemble.says(call("c1", "read_file", {"path": "no"}), call("c2", "list_files", {})).says()
        agent = await self.agent()
        await agent.turn("go")
        results = [m for m in self.ensemble.requests[1]["messages"] if m["role"] == "tool"]
        self.assertEqual([m.get("is_error") for m in results], [True, None])

    async def test_the_effort_that_the_deployment_names_goes_to_a_model_that_thinks(self):
        self.ensemble.serves("demo", 200_000, 8192, thinking=True).says().says()
        agent = await self.agent(thinking_effort="high")
        await agent.turn("go")
        self.assertEqual(self.ensemble.requests[0]["thinking"], {"effort": "high"})
        self.assertIn("medium", (await agent.turn("/effort medium"))["final_text"])
        agent = await self.restarted(agent, thinking_effort="high")
        await agent.turn("go")
        self.assertEqual(self.ensemble.requests[1]["thinking"], {"effort": "medium"})
        self.assertTrue(self.begins_with_the_one_before(1))
