"""apply_patch: several files at once, or none."""

import unittest

from coding_agent_test import CodingAgentTest
from scripted_ensemble import call, text

from coding.tool_error import ToolError
from coding.tools import patch_format


def patch(*lines: str) -> str:
    return "\n".join(["*** Begin Patch", *lines, "*** End Patch"])


class ApplyPatchTest(CodingAgentTest):
    async def applies(self, *patches: str, approved=None):
        self.ensemble.says(*(call(f"c{n}", "apply_patch", {"patch": p}) for n, p in enumerate(patches))).says(text("ok"))
        agent = await self.agent()
        message_id = agent.ask("go")
        if approved is not None:
            await agent.answer("permission", approved=approved)
        await agent.completion(message_id)
        return agent

    async def test_one_patch_adds_changes_moves_and_deletes(self):
        (self.workspace / "a.py").write_text("def a():\n    return 1\n\ndef b():\n    return 1\n")
        (self.workspace / "old.txt").write_bytes(b"one\r\ntwo\r\n")
        (self.workspace / "gone.txt").write_text("x")
        await self.applies(patch(
            "*** Update File: a.py", "@@ def b():", "-    return 1", "+    return 2",
            "*** Add File: sub/new.txt", "+hello", "+",
            "*** Update File: old.txt", "*** Move to: new.txt", " one", "-two", "+three",
            "", "*** Delete File: gone.txt"))
        self.assertEqual((self.workspace / "a.py").read_text(), "def a():\n    return 1\n\ndef b():\n    return 2\n")
        self.assertEqual((self.workspace / "sub/new.txt").read_text(), "hello\n\n")
        self.assertEqual((self.workspace / "new.txt").read_bytes(), b"one\r\nthree\r\n")
        self.assertEqual([(self.workspace / n).exists() for n in ("old.txt", "gone.txt")], [False, False])
        self.assertEqual(self.told(), [
            "Applied the patch:\nM a.py\nA sub/new.txt\nR old.txt -> new.txt\nD gone.txt"])

    async def test_if_one_part_does_not_fit_nothing_changes(self):
        (self.workspace / "a.txt").write_text("one\n")
        (self.workspace / "b.txt").write_text("two\n")
        agent = await self.applies(
            patch("*** Update File: a.txt", "-one", "+1", "*** Update File: b.txt", "-three", "+3"),
            patch("*** Delete File: a.txt", "*** Add File: b.txt", "+x"),
            patch("*** Update File: a.txt", "-one", "+1", "*** Update File: ../out.txt", "-x", "+y"),
            "no patch")
        self.assertEqual([e["code"] for e in agent.elements("tool_error")],
                         ["NO_MATCH", "FILE_EXISTS", "PATH_OUTSIDE_WORKSPACE", "INVALID_PATCH"])
        self.assertEqual((self.workspace / "a.txt").read_text(), "one\n")

    async def test_a_patch_of_what_makes_programs_run_code_asks(self):
        agent = await self.applies(patch("*** Add File: a.txt", "+x", "*** Add File: .envrc", "+x"), approved=False)
        self.assertIn(".envrc", (await agent.element("permission"))["reason"])
        self.assertEqual(list(self.workspace.iterdir()), [])

    async def test_edit_file_replaces_every_occurrence_where_it_is_told_to(self):
        (self.workspace / "a.txt").write_text("x y x")
        edit = {"path": "a.txt", "old_string": "x", "new_string": "z"}
        self.ensemble.says(call("c1", "edit_file", edit), call("c2", "edit_file", {**edit, "replace_all": True})).says()
        agent = await self.agent()
        await agent.turn("go")
        self.assertEqual([e["code"] for e in agent.elements("tool_error")], ["NOT_UNIQUE"])
        self.assertEqual((self.workspace / "a.txt").read_text(), "z y z")


class PatchFormatTest(unittest.TestCase):
    def change(self, text: str, *lines: str) -> str:
        return patch_format.updated(text, patch_format.parse(patch("*** Update File: f", *lines))[0])

    def test_hunks_follow_each_other_and_find_their_places(self):
        for before, lines, after in (
                ("a\nb\nc\n", ["-b", "+B"], "a\nB\nc\n"),
                ("a\na\n", [" a", "-a", "+b"], "a\nb\n"),
                ("x\nx\n", ["-x", "+1", "@@", "-x", "+2"], "1\n2\n"),
                ("a  \nb", ["-a", "+c"], "c\nb"),
                ("e\nm\ne\n", ["-e", "+E", "*** End of File"], "e\nm\nE\n"),
                ("a\n", ["+b"], "a\nb\n"),
                ("", ["+b"], "b\n"),
                ("a\n\nb\n", [" a", "", "-b", "+c"], "a\n\nc\n")):
            with self.subTest(lines):
                self.assertEqual(self.change(before, *lines), after)

    def test_what_is_no_patch_says_what_is_wrong(self):
        for lines in ([], ["hello"], ["*** Add File: a", "x"], ["*** Update File: a"], ["*** Update File: a", "~x"]):
            with self.subTest(lines), self.assertRaises(ToolError) as caught:
                patch_format.parse(patch(*lines))
            self.assertEqual(caught.exception.code, "INVALID_PATCH")
