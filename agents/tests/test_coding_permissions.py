import unittest
from unittest.mock import patch

import mcp_reference_servers as reference
from coding_agent_test import CodingAgentTest
from scripted_ensemble import call, text

from coding.permissions import grants_for
from coding.shell_commands import likes_of


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


class PermissionModeTest(CodingAgentTest):
    EDIT = {"path": "a.txt", "content": "x"}

    async def test_where_edits_ask_a_file_waits_for_permission(self):
        self.ensemble.says(call("c1", "write_file", self.EDIT), call("c2", "read_file", {"path": "a.txt"})).says()
        agent = await self.agent(permission_mode="ask")
        message_id = agent.ask("go")
        self.assertEqual((await agent.element("permission"))["reason"], "It changes files.")
        self.assertFalse((agent.workspace / "a.txt").exists())
        await agent.answer("permission", approved=True)
        await agent.completion(message_id)
        self.assertEqual(self.told()[1], "     1\tx")

    async def test_where_only_a_plan_is_wanted_nothing_changes_and_the_model_knows(self):
        self.ensemble.says(text("before"))
        self.ensemble.says(call("c1", "write_file", self.EDIT), bash("c2", "touch b"), call("c3", "list_files", {}))
        self.ensemble.says(text("the plan"))
        agent = await self.agent()
        await agent.turn("hi")
        self.assertIn("nothing changes", (await agent.turn("/mode plan"))["final_text"])
        agent = await self.restarted(agent)
        await agent.turn("go")
        self.assertEqual([e["code"] for e in agent.elements("tool_error")], ["PLAN_ONLY", "PLAN_ONLY"])
        self.assertEqual(self.told()[2], "(the folder is empty)")
        self.assertIn("# Plan mode", self.ensemble.requests[1]["messages"][-1]["content"])
        self.assertTrue(self.begins_with_the_one_before(1))

    async def test_where_the_sandbox_is_the_limit_nothing_asks(self):
        self.ensemble.says(bash("c1", "echo $((1+1))"), call("c2", "write_file", {**self.EDIT, "path": ".envrc"})).says()
        agent = await self.agent()
        await agent.turn("/mode all")
        await agent.turn("go")
        self.assertEqual(agent.elements("permission"), [])
        self.assertEqual(self.told()[0], "2\n")

    async def test_a_command_of_the_user_runs_unasked_and_the_model_knows_it_and_a_deployment_may_deny_it(self):
        self.ensemble.says(text("I see"))
        agent = await self.agent(permissions={"deny": ["bash:rm"]})
        self.assertIn("a command for bash", (await agent.turn("/run"))["final_text"])
        self.assertEqual((await agent.turn("/run echo made > a.txt; cat a.txt"))["final_text"], "The command ran.")
        self.assertEqual((await agent.turn("/run rm a.txt"))["final_text"], "The command could not be run.")
        await agent.turn("what is there?")
        self.assertEqual(agent.elements("permission"), [])
        self.assertEqual((agent.workspace / "a.txt").read_text(), "made\n")
        told = [message["content"] for message in self.ensemble.requests[0]["messages"]]
        self.assertIn("echo made > a.txt; cat a.txt\n\nmade", told[1])
        self.assertEqual(len(self.ensemble.requests), 1)

    async def test_a_mode_that_does_not_exist_is_told_with_those_that_do(self):
        agent = await self.agent()
        self.assertIn("ask, edits, plan, all", (await agent.turn("/mode wild"))["final_text"])
        self.assertIn("The permission mode is edits", (await agent.turn("/mode"))["final_text"])

    async def test_the_rules_of_a_deployment_allow_and_deny_without_asking(self):
        self.ensemble.says(bash("c1", "echo one && true"), bash("c2", "true; rm -rf .")).says()
        agent = await self.agent(
            permission_mode="all", permissions={"allow": ["bash:echo", "bash:true"], "deny": ["bash:rm"]})
        await agent.turn("go")
        self.assertEqual([e["tool_call_id"] for e in agent.elements("tool_error")], ["c2"])
        self.assertEqual(agent.elements("permission"), [])

    async def test_commands_like_this_covers_every_simple_command_and_says_so(self):
        self.ensemble.says(bash("c1", "echo a && true | cat")).says(bash("c2", "true; echo b")).says(
            bash("c3", "echo c && touch made")).says(bash("c4", "env echo d")).says()
        agent = await self.agent()
        message_id = agent.ask("go")
        await agent.answer("permission", 1, approved=True, remember="session")
        await agent.answer("permission", 2, approved=False)
        await agent.answer("permission", 3, approved=True, remember="session")
        await agent.completion(message_id)
        asked = agent.elements("permission")
        self.assertEqual([e["tool_call_id"] for e in asked], ["c1", "c3", "c4"])
        self.assertIn("For the session it covers: cat, echo, true.", asked[0]["reason"])
        self.assertIn("too intricate", asked[2]["reason"])
        self.assertEqual(agent.state()["grants"], ["bash:cat", "bash:echo", "bash:true"])


class CommandsLikeThisTest(unittest.TestCase):
    def test_what_cannot_be_said_for_sure_is_never_remembered(self):
        for command in (
                "echo $(b)", "echo `b`", "echo a > b", "cat < a", "X=1 b", "$X", "", "  ", '"a b" c', "(a)",
                "echo a & b", "echo <(b)", "a |& b", "a ;; b", "a &&", "&& a", "{ a; }", "! a", "if a", "while a", "[[ a ]]",
                "echo 'a", "echo a\\b", "~/a", "a*", "echo a # b",
                "env a", "xargs a", "sh -c a", "/bin/sh -c a", "bash a", "sudo a", "nohup a", "timeout 5 a", "eval a",
                "exec a", "source a", ". a", "command a", "find . -exec a", "find . -delete", "awk x", "sed x", "ssh h a",
                "npx a", "echo a | xargs rm", "ls && env a",
                "python -c a", "python", "python3.12 -c a", "node -e a", "perl -e a", "ruby -e a", "java -jar a",
                "git -c a=b status", "git --exec-path=a status", "git config a b", "git rebase -x a", "npm exec a",
                "yarn dlx a", "docker exec a", "make -f a", "make SHELL=a x", "tar --to-command=a -xf b", "npm run",
                "rg --pre a b", "sort --compress-program=a b", "go test -exec a"):
            with self.subTest(command):
                self.assertIsNone(likes_of(command))

    def test_what_a_command_is_like(self):
        for command, likes in (
                ("ls -l src", ["ls"]), ("git status --short", ["git status"]), ("git push origin main", ["git push"]),
                ("npm test && npm run lint", ["npm run lint", "npm test"]), ("./gradlew test", ["./gradlew test"]),
                ("python -m pytest -q tests", ["python -m pytest"]), ("python a.py 1", ["python a.py"]),
                ("node a.js", ["node a.js"]), ("find . -name *.py | wc -l", ["find", "wc"]), ("make", ["make"]),
                ("uv run pytest -q", ["uv run pytest"]), ("cat a; cat b || true", ["cat", "true"]),
                ('grep "a b" c', ["grep"]), ("cargo test", ["cargo test"])):
            with self.subTest(command):
                self.assertEqual(likes_of(command), likes)

    def test_the_grammar_of_bash_tells_more_than_words(self):
        reference.install_libraries()
        for command, likes in (
                ("ls\ngit status", ["git status", "ls"]), ("npm test 2>&1 | tail -3", ["npm test", "tail"]),
                ("ls 2>/dev/null", ["ls"]), ("grep 'a $b (c)' d", ["grep"]), ("echo 'a'\"b\"c", ["echo"]),
                ("git commit -m 'x; y'", ["git commit"]), ("ls >/dev/null 2>&1", ["ls"])):
            with self.subTest(command):
                self.assertEqual(likes_of(command), likes)
        for command in (
                "ls > out", "ls >> /dev/null/x", "ls >&3", "cat <<E\na\nE", "cat <<< a", "echo \"$(b)\"", "echo \"$b\"", "echo $'a'",
                "a() { b; }", "find . -{exec,x} b", "ls; }", "time ls", "for a in b; do c; done", "case a in esac", "ls \0",
                "X=1", "ls &", "echo \"a`b`\"", "coproc a", "ls # a", "(ls)", "ls && (b)", "[ a ] && b > c"):
            with self.subTest(command):
                self.assertIsNone(likes_of(command))

    def test_without_the_grammar_a_line_end_is_not_taken_apart(self):
        with patch("coding.shell_grammar.is_installed", return_value=False):
            self.assertIsNone(likes_of("echo a\nb"))
            self.assertEqual(likes_of("ls -l | wc"), ["ls", "wc"])

    def test_another_tool_is_remembered_by_its_name(self):
        self.assertEqual(grants_for("write_file", {"path": "a"}), ["tool:write_file"])
