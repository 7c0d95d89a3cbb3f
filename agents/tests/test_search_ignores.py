"""search leaves out what .gitignore names, with ripgrep, with git, and with neither."""

import os
import shutil

from coding_agent_test import CodingAgentTest
from scripted_ensemble import call, text


class SearchIgnoresTest(CodingAgentTest):
    def only(self, *programs: str) -> None:
        """A PATH that has these programs and no others."""
        folder = self.folder / "programs"
        folder.mkdir()
        for program in programs:
            os.symlink(shutil.which(program), folder / program)
        self.variables = {"PATH": str(folder)}

    async def found(self, **arguments):
        for path in ("a.txt", "node_modules/m.txt", "sub/b.txt", "sub/skip.txt", ".hidden/c.txt", ".git/d.txt"):
            (self.workspace / path).parent.mkdir(exist_ok=True)
            (self.workspace / path).write_text("needle\n")
        (self.workspace / ".gitignore").write_text("node_modules/\n")
        (self.workspace / "sub" / ".gitignore").write_text("skip.txt\n")
        self.ensemble.says(call("c1", "search", {"pattern": "needle", **arguments})).says(text("ok"))
        agent = await self.agent()
        await agent.turn("go")
        return sorted(line.partition(":")[0] for line in self.told()[0].splitlines())

    async def test_with_git(self):
        self.only("git")
        self.assertEqual(await self.found(), [".hidden/c.txt", "a.txt", "sub/b.txt"])

    async def test_with_neither_all_files_are_searched(self):
        self.only()
        self.assertEqual(len(await self.found()), 5)

    async def test_with_ripgrep(self):
        if shutil.which("rg") is None:
            self.skipTest("ripgrep is not installed")
        self.only("rg")
        self.assertEqual(await self.found(), [".hidden/c.txt", "a.txt", "sub/b.txt"])

    async def test_what_is_asked_for_is_searched_all_the_same(self):
        self.assertEqual(len(await self.found(include_ignored=True)), 5)

    async def test_a_folder_that_is_named_is_searched_all_the_same(self):
        self.assertEqual(await self.found(path="node_modules"), ["node_modules/m.txt"])
