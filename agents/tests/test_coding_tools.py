import os
import time

from coding_agent_test import CodingAgentTest
from scripted_ensemble import call


class CodingToolsTest(CodingAgentTest):
    async def use(self, *calls, **config):
        """The results of these calls, as the model gets them."""
        self.ensemble.says(*(call(f"c{n}", name, arguments) for n, (name, arguments) in enumerate(calls))).says()
        agent = await self.agent(**config)
        await agent.turn("go")
        return self.told()

    def file(self, path, content):
        target = self.workspace / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content if isinstance(content, bytes) else content.encode())
        return target

    async def test_write_makes_the_folders_it_needs(self):
        told = await self.use(("write_file", {"path": "a/b/c.txt", "content": "é\n"}))
        self.assertEqual((self.workspace / "a/b/c.txt").read_bytes(), "é\n".encode())
        self.assertEqual(told, ["Wrote 1 lines to a/b/c.txt."])

    async def test_read_shows_a_part_and_says_where_to_go_on(self):
        self.file("a.txt", "".join(f"line {n}\n" for n in range(1, 11)))
        told = await self.use(("read_file", {"path": "a.txt", "offset": 4, "limit": 2}))
        self.assertEqual(told, ["     4\tline 4\n     5\tline 5\n[lines 4-5 of 10; read on with offset 6]"])

    async def test_read_refuses_what_is_not_a_text_file(self):
        self.file("binary", b"a\0b")
        self.file("latin1", "é".encode("latin-1"))
        os.mkfifo(self.workspace / "pipe")
        (self.workspace / "folder").mkdir()
        names = ["binary", "latin1", "pipe", "folder", "missing"]
        told = await self.use(*(("read_file", {"path": name}) for name in names))
        for answer, words in zip(told, ["binary file", "not UTF-8", "not an ordinary file", "use list_files", "no file"]):
            self.assertTrue(answer.startswith("Error: ") and words in answer, answer)

    async def test_reading_outside_is_refused_whatever_the_path_is_made_of(self):
        (self.folder / "secret").write_text("top secret")
        (self.workspace / "file-link").symlink_to("../secret")
        (self.workspace / "folder-link").symlink_to("..")
        (self.workspace / "loop").symlink_to("loop")
        paths = ["../secret", str(self.folder / "secret"), "file-link", "folder-link/secret", "a\0", "\ud800", "loop"]
        calls = [("read_file", {"path": path}) for path in paths]
        calls += [("search", {"pattern": "secret", "path": "folder-link"}), ("list_files", {"path": ".."}),
                  ("search", {"pattern": "secret"}),
                  ("edit_file", {"path": "file-link", "old_string": "top", "new_string": ""})]
        told = await self.use(*calls)
        self.assertNotIn("top secret", "".join(told))
        self.assertEqual([answer.startswith("Error: ") for answer in told], [True] * 9 + [False, True])
        self.assertEqual((self.folder / "secret").read_text(), "top secret")

    async def test_a_path_inside_may_be_absolute_or_go_through_a_link(self):
        self.file("folder/a.txt", "hello")
        (self.workspace / "link").symlink_to("folder")
        told = await self.use(("read_file", {"path": str(self.workspace / "folder/a.txt")}),
                              ("read_file", {"path": "link/../folder/a.txt"}))
        self.assertEqual(told, ["     1\thello"] * 2)

    async def test_edit_replaces_the_one_place_and_nothing_else(self):
        target = self.file("a.py", "one\r\ntwo\r\nthree\r\n")
        await self.use(("edit_file", {"path": "a.py", "old_string": "two\nthree", "new_string": "2\n3"}))
        self.assertEqual(target.read_bytes(), b"one\r\n2\r\n3\r\n")

    async def test_edit_says_why_it_did_not_find_the_place(self):
        target = self.file("a.py", "def f():\n    return 1\n\ndef g():\n    return 1\n")
        edits = ["    return 1", "def f():\n  return 1", "     1\tdef f():", "def f():\n    return 2", "nowhere", ""]
        told = await self.use(*(
            ("edit_file", {"path": "a.py", "old_string": old, "new_string": "x"}) for old in edits))
        words = ["2 times in a.py (lines 2, 5)", "from line 1 on with other white space", "leave out the line numbers",
                 "occurs in line 1, but what follows differs", "read the file again", "use write_file"]
        for answer, expected in zip(told, words):
            self.assertIn(expected, answer)
        self.assertIn("return 1", target.read_text())

    async def test_list_goes_level_by_level_and_leaves_out_git(self):
        for path in ("b.txt", "a/c.txt", "a/deep/er/d.txt", ".git/config"):
            self.file(path, "")
        (self.workspace / "link").symlink_to("a")
        told = await self.use(("list_files", {"depth": 2}), ("list_files", {"path": "a/deep"}))
        self.assertEqual(told, ["a/\na/c.txt\na/deep/\nb.txt\nlink@", "er/\ner/d.txt"])

    async def test_list_stops_at_its_limit_and_says_so(self):
        for number in range(1001):
            self.file(f"big/{number}", "")
        told = await self.use(("list_files", {}))
        self.assertIn("[more than 1000 entries", told[0])
        self.assertEqual(told[0].count("\n"), 1000)

    async def test_search_finds_lines_in_text_files_only(self):
        self.file("a.py", "Needle one\r\nno\nneedle two\n")
        self.file("b.md", "needle\n")
        self.file("binary", b"needle\0")
        self.file(".git/x", "needle")
        told = await self.use(
            ("search", {"pattern": "^needle"}),
            ("search", {"pattern": "NEEDLE", "ignore_case": True, "files": "*.py"}),
            ("search", {"pattern": "one$"}),
            ("search", {"pattern": "absent"}),
            ("search", {"pattern": "("}))
        self.assertEqual(told[0], "a.py:3: needle two\nb.md:1: needle\n")
        self.assertEqual(told[1], "a.py:1: Needle one\na.py:3: needle two\n")
        self.assertEqual(told[2:4], ["a.py:1: Needle one\n", "No matches."])
        self.assertIn("Error: the pattern is not a regular expression", told[4])

    async def test_search_shows_a_limited_number_of_matches(self):
        self.file("a", "x\n" * 300)
        told = await self.use(("search", {"pattern": "x"}))
        self.assertEqual(told[0].count("a:"), 200)
        self.assertIn("[only the first 200 matches are shown]", told[0])

    async def test_a_pattern_that_would_never_end_is_ended(self):
        self.file("a", "a" * 60 + "b\n")
        begun = time.monotonic()
        told = await self.use(("search", {"pattern": "(a+)+$"}), search_seconds=0.5)
        self.assertIn("Error: the search took longer than 0.5 s", told[0])
        self.assertLess(time.monotonic() - begun, 10)

    async def test_a_question_of_the_model_is_answered_by_the_user(self):
        self.ensemble.says(call("c1", "ask_user", {"question": "Which?", "options": ["red", "blue"]})).says()
        agent = await self.agent()
        message_id = agent.ask("go")
        question = await agent.answer("question", answers={"answer": "blue"})
        await agent.completion(message_id)
        self.assertEqual(question["questions"], [
            {"key": "answer", "prompt": "Which?", "kind": "choice", "options": ["red", "blue"]}])
        self.assertEqual(self.told(), ["blue"])

    async def test_a_dismissed_question_is_an_error_that_the_model_is_told(self):
        self.ensemble.says(call("c1", "ask_user", {"question": "Which?"})).says()
        agent = await self.agent()
        message_id = agent.ask("go")
        await agent.answer("question", dismissed=True)
        await agent.completion(message_id)
        self.assertIn("Error: the user dismissed the question", self.told()[0])
