"""A working day in small: ten turns on a project, with a model that is away now and then, restarts of the agent,
and a context that becomes full. What the model says depends on what its tools said."""

from __future__ import annotations

import hashlib
import re
from typing import List, Tuple

from scripted_ensemble import call, text
from working_day import WorkingDay, cut_off, limited, overloaded, text_of

WINDOW = 6_500
FILES = {
    "AGENTS.md": "Run the tests with: python3 check.py\n",
    "shapes.py": "def area(width, height):\n    return width + height\n\n\ndef edge(width, height):\n    return width\n",
    "check.py": (
        "import shapes\n"
        "for name, wanted in (('area', 12), ('edge', 14)):\n"
        "    found = getattr(shapes, name)(3, 4)\n"
        "    print(name, 'ok' if found == wanted else f'FAILED: {found} instead of {wanted}')\n"),
    "notes.txt": "".join(f"{n} The width comes first.\n" for n in range(1, 401)),
}
TURNS = (
    "what is here?", "read the code", "run the tests", "mend what fails", "run the tests again", "read the notes",
    "write a summary of the notes", "look at the web and at nothing", "mend the rest with a patch", "run the tests at last")


def bash(command: str) -> Tuple[str, dict]:
    return "bash", {"command": command}


class Model:
    """Answers a request by what the conversation says, as a model does: it remembers nothing itself."""

    def reply(self, messages: List[dict]) -> dict:
        said = [text_of(m) for m in messages]
        if "replaced by a summary" in said[-1]:
            done = "area is mended. " if any("width * height" in one for one in said) else ""
            read = "notes.txt was read: 400 lines. " if any("400 The width comes" in one for one in said) else ""
            return text(f"A project of shapes. {done}{read}Its files: shapes.py, check.py, notes.txt.")
        begin = max(n for n, m in enumerate(messages) if m["role"] == "user")
        wish = next(wish for wish in reversed(TURNS) if wish in said[begin])
        results = [text_of(m) for m in messages[begin:] if m["role"] == "tool"]
        known = re.search(r"notes.txt was read: (\d+ lines\.)", said[begin])
        step = known.group(1) if wish == "read the notes" and known else self._step(wish, results)
        if isinstance(step, str):
            return text(step)
        return call(f"call_{hashlib.sha256(repr(said).encode()).hexdigest()[:12]}", *step)

    def _step(self, wish: str, results: List[str]):
        last = results[-1] if results else ""
        if wish == "what is here?":
            return f"There are {len(last.splitlines())} files." if results else ("list_files", {})
        if wish == "read the code":
            return f"It adds: {'width + height' in last}." if results else ("read_file", {"path": "shapes.py"})
        if wish.startswith("run the tests"):
            return f"{last.count('FAILED')} fail." if results else bash("python3 check.py")
        if wish == "mend what fails":
            return self._mend(results, last)
        if wish == "read the notes":
            return f"{len(last.splitlines())} lines." if results else ("read_file", {"path": "notes.txt"})
        if wish == "write a summary of the notes":
            return "Written." if results else ("write_file", {"path": "summary.txt", "content": "Width first.\n"})
        if wish == "look at the web and at nothing":
            return f"It said: {last[:5]}" if results else ("read_file", {"path": "nothing.txt"})
        return self._patch(results, last)

    def _mend(self, results: List[str], last: str):
        if not results:
            return bash("python3 check.py")
        failed = re.match(r"(\w+) FAILED", last)
        if len(results) == 1 and failed:
            return "search", {"pattern": f"def {failed.group(1)}", "files": "*.py"}
        if len(results) == 2:
            path = last.partition(":")[0]
            return "edit_file", {"path": path, "old_string": "width + height", "new_string": "width * height"}
        return last

    def _patch(self, results: List[str], last: str):
        if not results:
            return "search", {"pattern": "return width$"}
        if len(results) == 1:
            path = last.partition(":")[0]
            return "apply_patch", {"patch": "\n".join((
                "*** Begin Patch", f"*** Update File: {path}", "@@ def edge(width, height):", "-    return width",
                "+    return 2 * (width + height)", "*** End Patch"))}
        return last.splitlines()[-1]


DISTURBANCES = {1: limited, 4: overloaded, 5: overloaded, 9: cut_off, 14: limited, 18: cut_off, 22: overloaded}


class WorkingDayTest(WorkingDay):
    turns = TURNS
    window = WINDOW
    too_long_at = TURNS[8]

    def reply(self, messages: List[dict]) -> dict:
        return Model().reply(messages)

    def fill(self) -> None:
        for name, content in FILES.items():
            (self.workspace / name).write_text(content)

    async def test_ten_turns_with_faults_and_restarts_are_those_of_a_quiet_day(self):
        answers = await self.day(DISTURBANCES, restarts=(2, 5, 8))
        self.assertEqual(answers, [
            "There are 4 files.", "It adds: True.", "2 fail.", "Edited shapes.py.", "1 fail.", "400 lines.", "Written.",
            "It said: Error", "M shapes.py", "0 fail."])
        self.check_events(DISTURBANCES)
        self.assertEqual(self.compactions(), ["full", "too_long"])
        self.check_requests()
        disturbed = self.kept()
        quiet = await self.day({}, restarts=())
        self.assertEqual(quiet, answers)
        # Nothing more was sent than on a day without faults, so the cache serves as much, too.
        self.assertEqual(disturbed, self.kept())
