"""A working day on a real package of PyPI: ten turns, or 60 with CONCERT_WORKING_DAY_TURNS=60."""

from __future__ import annotations

import hashlib
import os
import re
from typing import Callable, Dict, List, Tuple, Union

import working_day_package as package
from scripted_ensemble import call, text
from working_day import WorkingDay, cut_off, limited, overloaded, text_of

TURNS = int(os.environ.get("CONCERT_WORKING_DAY_TURNS", "10"))
_WISHES = (
    "read {path}", "run the tests", "mend what fails in {path}", "run the tests once more", "note how many fail",
    "look for what {path} defines")
_PER_FAULT = 5 if TURNS == 10 else len(_WISHES)
FAULTS = package.FAULTS[:TURNS // _PER_FAULT]
Step = Union[str, Tuple[str, dict]]


def wishes() -> List[str]:
    all_of_them = [
        wish.format(path=fault.path) for fault in FAULTS for wish in _WISHES[:_PER_FAULT]]
    return [f"Wish {number}: {wish}." for number, wish in enumerate(all_of_them, 1)]


def disturbances() -> Dict[int, Callable]:
    kinds = (limited, overloaded, cut_off)
    return {number: kinds[number % 3] for number in range(2, 40 * TURNS, 7)}


class WorkingDayOnAPackageTest(WorkingDay):
    turns = wishes()
    window = 12_000
    too_long_at = turns[-3]

    def fill(self) -> None:
        package.put_into(self.workspace, list(FAULTS))

    def reply(self, messages: List[dict]) -> dict:
        said = [text_of(m) for m in messages]
        if "replaced by a summary" in said[-1]:
            return text("The package isodate is being mended, one fault after the other.")
        begin = max(n for n, m in enumerate(messages) if m["role"] == "user")
        number = max(int(one) for one in re.findall(r"Wish (\d+):", said[begin]))
        results = [text_of(m) for m in messages[begin:] if m["role"] == "tool"]
        step = self.step(self.turns[number - 1], FAULTS[(number - 1) // _PER_FAULT], results)
        if isinstance(step, str):
            return text(step)
        return call(f"call_{hashlib.sha256(repr(said).encode()).hexdigest()[:12]}", *step)

    def step(self, wish: str, fault: package.Fault, results: List[str]) -> Step:
        last = results[-1] if results else ""
        if "run the tests" in wish:
            return last.splitlines()[0] if results else ("bash", {"command": "python3 check.py"})
        if "mend" in wish:
            return self.mend(fault, results)
        if "note" in wish:
            return self.note(results)
        if "look for" in wish:
            pattern = {"pattern": r"^(def|class) ", "files": fault.path.rpartition("/")[2]}
            return f"{len(last.splitlines())} definitions." if results else ("search", pattern)
        return f"{len(last.splitlines())} lines." if results else ("read_file", {"path": fault.path})

    def mend(self, fault: package.Fault, results: List[str]) -> Step:
        """Runs the tests, looks for the line, and changes it as it stands there."""
        if not results:
            return "bash", {"command": "python3 check.py"}
        if len(results) == 1:
            return "search", {"pattern": re.escape(fault.wrong), "files": fault.path.rpartition("/")[2]}
        if len(results) == 2:
            path, _, line = results[1].partition(":")[0], None, results[1].splitlines()[0]
            if fault.wrong not in line:
                return "Nothing is left to mend."
            return "edit_file", {"path": path, "old_string": fault.wrong, "new_string": fault.right}
        return results[2].splitlines()[0]

    def note(self, results: List[str]) -> Step:
        if not results:
            return "bash", {"command": "python3 check.py"}
        if len(results) == 1:
            return "write_file", {"path": "notes.txt", "content": results[0].splitlines()[0] + "\n"}
        return "Noted."

    async def test_the_packages_tests_pass_at_the_end_and_the_day_is_that_of_a_quiet_one(self):
        faults = disturbances()
        answers = await self.day(faults, restarts=tuple(range(3, TURNS, 4)))
        self.assertEqual(package.failing(self.workspace), f"0 of {package.TESTS} fail")
        self.assertEqual(len(answers), TURNS)
        self.assertIn(f"0 of {package.TESTS} fail", answers[-2 if TURNS == 10 else -3])
        self.check_events(faults)
        self.check_requests()
        self.assertIn("too_long", self.compactions())
        self.assertGreaterEqual(self.compactions().count("full"), TURNS // 20)
        disturbed = self.kept()
        self.assertEqual(await self.day({}, restarts=()), answers)
        # Nothing more was sent than on a day without faults, so the cache serves as much, too.
        self.assertEqual(disturbed, self.kept())
