import unittest

from coding_agent_test import CodingAgentTest
from coding.permissions import grant_for
from scripted_ensemble import call, text


def bash(call_id, command, **more):
    return call(call_id, "bash", {"command": command, **more})


class CodingPermissionsTest(CodingAgentTest):
    async def test_a_command_waits_for_permission(self):
        self.ensemble.says(bash("c1", "touch made")).says()
        agent = await self.agent()
        message_id = agent.ask("go")
        asked = await agent.element("permission")
        self.assertEqual((asked["tool_call_id"], asked["tool_name"], asked["arguments"]),
                         ("c1", "bash", {"command": "touch made"}))
        self.assertFalse((agent.workspace / "made").exists())
        await agent.answer("permission", approved=True, remember="once")
        await agent.completion(message_id)
        self.assertTrue((agent.workspace / "made").exists())

    async def test_a_denied_command_does_not_run_and_the_model_is_told(self):
        for answer in ({"approved": False}, {"dismissed": True}):
            self.ensemble.says(bash("c1", "touch made")).says(text("all right"))
        agent = await self.agent()
        for number, answer in enumerate(({"approved": False}, {"dismissed": True}), 1):
            message_id = agent.ask("go")
            await agent.answer("permission", number, **answer)
            self.assertEqual((await agent.completion(message_id))["final_text"], "all right")
            self.assertEqual(agent.elements("tool_error")[-1]["code"], "PERMISSION_DENIED")
            self.assertIn("Error: the user did not permit this", self.told()[-1])
        self.assertFalse((agent.workspace / "made").exists())

    async def test_permission_for_the_session_covers_the_same_program_and_no_other(self):
        self.ensemble.says(bash("c1", "echo one")).says(bash("c2", "echo two")).says(
            bash("c3", "echo three; touch made")).says(bash("c4", "ls")).says()
        agent = await self.agent()
        message_id = agent.ask("go")
        await agent.answer("permission", 1, approved=True, remember="session")
        await agent.answer("permission", 2, approved=False)
        await agent.answer("permission", 3, approved=False)
        await agent.completion(message_id)
        self.assertEqual([e["tool_call_id"] for e in agent.elements("permission")], ["c1", "c3", "c4"])
        self.assertEqual([e["output"] for e in agent.elements("tool_result")], ["one\n", "two\n"])
        self.assertIn({"op": "add", "path": "/grants/-", "value": "bash:echo"},
                      [d for f in agent.frames if f["type"] == "state_delta" for d in f["deltas"]])

    async def test_permission_once_is_asked_for_again(self):
        self.ensemble.says(bash("c1", "echo one")).says(bash("c2", "echo two")).says()
        agent = await self.agent()
        message_id = agent.ask("go")
        for number in (1, 2):
            await agent.answer("permission", number, approved=True, remember="once")
        await agent.completion(message_id)

    async def test_permission_for_the_session_survives_a_restart(self):
        self.ensemble.says(bash("c1", "echo one")).says()
        agent = await self.agent(state={"_version": 1, "_entity_type": "coding-agent", "grants": ["bash:echo"]})
        await agent.turn("go")
        self.assertEqual(agent.elements("permission"), [])
        self.assertEqual(agent.elements("tool_result")[0]["output"], "one\n")

    async def test_writing_what_others_would_execute_needs_permission(self):
        paths = [".git/hooks/pre-commit", ".github/workflows/a.yml", "sub/.husky/x", ".envrc", ".bashrc", "link/hooks/x"]
        self.ensemble.says(*(
            call(f"c{n}", "write_file", {"path": path, "content": "x"}) for n, path in enumerate(paths))).says()
        (self.workspace / ".git").mkdir()
        (self.workspace / "link").symlink_to(".git")
        agent = await self.agent()
        message_id = agent.ask("go")
        for number in range(1, len(paths) + 1):
            await agent.answer("permission", number, approved=False)
        await agent.completion(message_id)
        self.assertEqual(list((self.workspace / ".git").iterdir()), [])
        self.assertFalse((self.workspace / ".envrc").exists())

    async def test_writing_outside_is_refused_without_asking(self):
        outside = self.folder / "outside.txt"
        (self.workspace / "link").symlink_to("..")
        paths = ["../outside.txt", str(outside), "link/outside.txt", "a/../../outside.txt", "a\0b"]
        self.ensemble.says(*(
            call(f"c{n}", "write_file", {"path": path, "content": "x"}) for n, path in enumerate(paths))).says()
        agent = await self.agent()
        await agent.turn("go")
        self.assertEqual([e["code"] for e in agent.elements("tool_error")], ["PATH_OUTSIDE_WORKSPACE"] * len(paths))
        self.assertFalse(outside.exists())


class GrantTest(unittest.TestCase):
    def test_a_command_that_does_more_than_its_first_word_says_is_never_remembered(self):
        for command in ("echo a; b", "echo a && b", "echo $(b)", "echo `b`", "echo a | b", "echo a > b",
                        "echo a\nb", "X=1 b", "$X", "", "  ", "\"a b\" c", "(a)", "echo a & b", "echo <(b)"):
            self.assertIsNone(grant_for("bash", {"command": command}), command)

    def test_a_plain_command_is_remembered_by_its_first_word(self):
        self.assertEqual(grant_for("bash", {"command": "git status --short"}), "bash:git")
        self.assertEqual(grant_for("bash", {"command": "./gradlew test"}), "bash:./gradlew")

    def test_another_tool_is_remembered_by_its_name(self):
        self.assertEqual(grant_for("write_file", {"path": "a"}), "tool:write_file")
