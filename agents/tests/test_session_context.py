"""Which facts about the project and the machine the model gets, and when."""

import datetime
import subprocess

from coding_agent_test import CodingAgentTest
from scripted_ensemble import call, text


class SessionContextTest(CodingAgentTest):
    def git(self, *arguments: str) -> None:
        subprocess.run(
            ["git", "-c", "user.name=a", "-c", "user.email=a@b", *arguments], cwd=self.workspace, check=True,
            capture_output=True)

    def system(self, request: int = 0) -> str:
        return self.ensemble.requests[request]["messages"][0]["content"]

    async def test_the_model_knows_folder_system_date_branch_and_what_has_changed(self):
        self.git("init", "-q", "-b", "main")
        self.git("commit", "-q", "--allow-empty", "-m", "x")
        (self.workspace / "new.txt").write_text("x")
        self.ensemble.says(text("a")).says(text("b")).says(text("c"))
        agent = await self.agent()
        await agent.turn("hi")
        for fact in (str(self.workspace.resolve()), "Linux", datetime.date.today().isoformat()[:7], "Git branch: main; 1",
                     "?? new.txt"):
            self.assertIn(fact, self.system())
        # A changed file is no news, another branch is.
        (self.workspace / "more.txt").write_text("x")
        await agent.turn("two")
        self.git("switch", "-q", "-c", "feature")
        await agent.turn("three")
        self.assertEqual(self.ensemble.requests[1]["messages"][-1]["content"], "two")
        self.assertIn("Git branch: feature", self.ensemble.requests[2]["messages"][-1]["content"])
        self.assertEqual(self.system(2), self.system(0))

    async def test_a_hostile_repository_runs_nothing_when_it_is_looked_at(self):
        self.git("init", "-q")
        (self.workspace / "x").write_text("x")
        self.git("add", "x")
        self.git("config", "core.fsmonitor", f"touch {self.folder}/ran; false")
        self.ensemble.says(text("a"))
        await (await self.agent()).turn("hi")
        self.assertFalse((self.folder / "ran").exists())

    async def test_instructions_of_a_folder_come_with_the_first_look_into_it_and_once(self):
        (self.workspace / "sub/deep").mkdir(parents=True)
        (self.workspace / "AGENTS.md").write_text("top rules")
        (self.workspace / "sub/AGENTS.md").write_text("sub rules")
        (self.workspace / "sub/deep/AGENTS.md").write_text("deep rules")
        (self.workspace / "sub/deep/a.txt").write_text("x")
        read = {"path": "sub/deep/a.txt"}
        self.ensemble.says(call("c1", "read_file", read)).says(text("ok"))
        agent = await self.agent()
        await agent.turn("look")
        agent = await self.restarted(agent)
        self.ensemble.says(call("c2", "read_file", read)).says(text("ok"))
        await agent.turn("again")
        first, second = self.told()
        self.assertLess(first.index("sub rules"), first.index("deep rules"))
        self.assertNotIn("top rules", first)
        self.assertEqual(second, "     1\tx")
        self.assertNotIn("rules", agent.elements("tool_result")[0]["output"])

    async def test_instructions_of_a_folder_that_lead_out_of_the_workspace_are_not_read(self):
        (self.folder / "secret.md").write_text("top secret")
        (self.workspace / "sub").mkdir()
        (self.workspace / "sub/a.txt").write_text("x")
        (self.workspace / "sub/AGENTS.md").symlink_to("../../secret.md")
        self.ensemble.says(call("c1", "read_file", {"path": "sub/a.txt"})).says()
        await (await self.agent()).turn("look")
        self.assertEqual(self.told(), ["     1\tx"])

    async def test_the_users_own_instructions_and_the_skills_of_the_project_are_in_the_prompt(self):
        skill = self.workspace / ".agents/skills/release"
        skill.mkdir(parents=True)
        (skill / "SKILL.md").write_text("---\nname: release\ndescription: Makes a release\n---\nsecret steps\n")
        self.ensemble.says(text("ok"))
        await (await self.agent(user_instructions="Answer in French.")).turn("hi")
        self.assertIn("Answer in French.", self.system())
        self.assertIn("- release (.agents/skills/release/SKILL.md): Makes a release", self.system())
        self.assertNotIn("secret steps", self.system())
