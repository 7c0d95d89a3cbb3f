import random
import unittest

import support
from podium.agent.models.delta_state import DeltaState


class Notes(DeltaState):
    _version = 3
    _entity_type = "notes"
    count: int = 0
    notes: list = []
    by_name: dict = {}


def apply(document, delta):
    """JSON Patch as the coordinator applies it: strictly, so that a wrong path fails."""
    if delta["path"] == "":
        return delta["value"]
    *parents, last = [p.replace("~1", "/").replace("~0", "~") for p in delta["path"][1:].split("/")]
    target = document
    for part in parents:
        target = target[int(part) if isinstance(target, list) else part]
    if isinstance(target, list):
        if delta["op"] == "add":
            target.insert(len(target) if last == "-" else int(last), delta["value"])
        elif delta["op"] == "replace":
            target[int(last)] = delta["value"]
        else:
            del target[int(last)]
    elif delta["op"] == "remove":
        del target[last]
    else:
        assert delta["op"] == "add" or last in target, f"replaces nothing: {delta}"
        target[last] = delta["value"]
    return document


class DeltaStateTest(unittest.TestCase):
    def setUp(self):
        self.deltas = []
        self.state = Notes()
        self.state.report_to(self.deltas.append)

    def test_an_assignment_is_a_replace(self):
        self.state.count = 7
        self.assertEqual(self.deltas, [{"op": "replace", "path": "/count", "value": 7}])

    def test_an_undeclared_field_is_added(self):
        self.state.extra = 1
        self.assertEqual(self.deltas, [{"op": "add", "path": "/extra", "value": 1}])

    def test_list_changes_are_adds_and_removes(self):
        self.state.notes.append("a")
        self.state.notes.insert(0, "b")
        self.state.notes.remove("a")
        self.assertEqual(self.deltas, [
            {"op": "add", "path": "/notes/-", "value": "a"},
            {"op": "add", "path": "/notes/0", "value": "b"},
            {"op": "remove", "path": "/notes/1"},
        ])

    def test_nested_dicts_report_their_whole_path(self):
        self.state.by_name["a/b"] = {"tags": []}
        self.state.by_name["a/b"]["tags"].append("x")
        self.assertEqual(self.deltas[1], {"op": "add", "path": "/by_name/a~1b/tags/-", "value": "x"})

    def test_a_path_follows_its_container_when_others_are_inserted_before_it(self):
        self.state.notes.append({"text": "a"})
        note = self.state.notes[0]
        self.state.notes.insert(0, {"text": "b"})
        note["text"] = "c"
        self.assertEqual(self.deltas[-1], {"op": "replace", "path": "/notes/1/text", "value": "c"})

    def test_a_container_that_was_removed_reports_nothing(self):
        self.state.notes.append({"text": "a"})
        note = self.state.notes.pop()
        self.deltas.clear()
        note["text"] = "b"
        self.assertEqual(self.deltas, [])

    def test_a_delta_holds_the_value_of_its_moment(self):
        self.state.by_name["a"] = {}
        self.state.by_name["a"]["b"] = 1
        self.assertEqual(self.deltas[0]["value"], {})

    def test_defaults_are_not_shared_between_instances(self):
        self.state.notes.append("a")
        self.assertEqual(Notes().notes, [])

    def test_only_json_can_be_stored(self):
        with self.assertRaises(TypeError):
            self.state.count = {1, 2}
        with self.assertRaises(TypeError):
            self.state.by_name[1] = "number as key"
        self.assertEqual(self.deltas, [])

    def test_stored_state_wins_over_defaults(self):
        self.assertEqual(Notes({"_version": 3, "count": 5}).snapshot(), {
            "_version": 3, "_entity_type": "notes", "count": 5, "notes": [], "by_name": {}})

    def test_any_series_of_changes_can_be_replayed(self):
        chance = random.Random(7)
        document = self.state.snapshot()
        for step in range(3000):
            self.change(chance, step)
            while self.deltas:
                document = apply(document, self.deltas.pop(0))
            self.assertEqual(document, self.state.snapshot())

    def change(self, chance, step):
        notes, names = self.state.notes, self.state.by_name
        at = chance.randrange(-3, len(notes) + 3)
        inside = chance.randrange(len(notes)) if notes else 0
        key = chance.choice("ab/~")
        changes = [
            lambda: setattr(self.state, "count", step),
            lambda: notes.append({"n": [step]}),
            lambda: notes.insert(at, [step]),
            lambda: notes and notes.pop(inside),
            lambda: notes and notes.__setitem__(inside, {"n": [step], "m": {}}),
            lambda: notes and isinstance(notes[inside], dict) and notes[inside]["n"].append(step),
            lambda: notes and isinstance(notes[inside], dict) and notes[inside].update(k=[step], m={"x": 1}),
            lambda: notes.__delitem__(slice(at, at + 2)),
            lambda: notes.__setitem__(slice(0, 1), [step, {"n": []}]),
            lambda: notes.reverse(),
            lambda: notes.extend([1, [2]]),
            lambda: len(notes) > 20 and notes.clear(),
            lambda: names.update({key: {"deep": {"list": [step]}}}),
            lambda: names.pop(key, None),
            lambda: names.setdefault(key, {"deep": {"list": []}})["deep"]["list"].append(step),
            lambda: chance.random() < 0.1 and names.clear(),
            lambda: setattr(self.state, "notes", list(notes)[:5]),
        ]
        chance.choice(changes)()
