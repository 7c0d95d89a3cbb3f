"""State that survives the process: every change goes to the coordinator as a JSON Patch operation."""

from __future__ import annotations

import copy
from typing import Any, Callable, Dict, List, Optional

from podium.agent.models.tracked import _Node, escape, plain, wrap


class DeltaState:
    """Declare fields with defaults in a subclass; assign and mutate them as usual.

        class State(DeltaState):
            _version = 1
            _entity_type = "notes"
            notes: list = []

    Values are JSON. A list or dict that is assigned is copied: change it through the state afterwards.
    """

    _version: int = 1
    _entity_type: str = ""

    def __init__(self, stored: Optional[dict] = None):
        object.__setattr__(self, "_sink", None)
        object.__setattr__(self, "_fields", {})
        if stored is not None and stored.get("_version", self._version) != self._version:
            stored = self.migrate(dict(stored), stored["_version"])
        values = {**self._defaults(), **(stored or {})}
        for name, value in values.items():
            if not name.startswith("_"):
                self._fields[name] = wrap(value, self)

    @classmethod
    def migrate(cls, stored: dict, from_version: int) -> dict:
        """Override to bring what an older version of the agent stored into today's shape."""
        return stored

    @classmethod
    def _defaults(cls) -> Dict[str, Any]:
        fields: Dict[str, Any] = {}
        for base in reversed(cls.__mro__):
            if not issubclass(base, DeltaState) or base is DeltaState:
                continue
            for name, value in vars(base).items():
                if not name.startswith("_") and not isinstance(value, (classmethod, staticmethod, property)) \
                        and not callable(value):
                    fields[name] = copy.deepcopy(value)
        return fields

    def report_to(self, sink: Callable[[dict], None]) -> None:
        object.__setattr__(self, "_sink", sink)

    def has_fields(self) -> bool:
        return bool(self._fields)

    def snapshot(self) -> dict:
        identity = {"_version": self._version, "_entity_type": self._entity_type}
        return {**identity, **{name: plain(value) for name, value in self._fields.items()}}

    def __getattribute__(self, name: str) -> Any:
        # Declared defaults are class attributes, which would hide the tracked values behind them.
        if not name.startswith("_"):
            fields = object.__getattribute__(self, "_fields")
            if name in fields:
                return fields[name]
        return object.__getattribute__(self, name)

    def __setattr__(self, name: str, value: Any) -> None:
        if name.startswith("_"):
            object.__setattr__(self, name, value)
            return
        known = name in self._fields
        wrapped = wrap(value, self)
        self._forget(name)
        self._fields[name] = wrapped
        self._emit("replace" if known else "add", f"/{escape(name)}", plain(wrapped))

    def __delattr__(self, name: str) -> None:
        if name not in self._fields:
            raise AttributeError(name)
        self._forget(name)
        del self._fields[name]
        self._emit("remove", f"/{escape(name)}")

    def _forget(self, name: str) -> None:
        old = self._fields.get(name)
        if isinstance(old, _Node):
            old._parent = None

    def _path(self) -> str:
        return ""

    def _key_of(self, child: Any) -> str:
        return next(escape(name) for name, value in self._fields.items() if value is child)

    def _emit(self, op: str, path: str, *value: Any) -> None:
        if self._sink is not None:
            delta: Dict[str, Any] = {"op": op, "path": path}
            if value:
                delta["value"] = value[0]
            self._sink(delta)


class DeltaLog:
    """Collects deltas so that changes made together travel in one frame, in order."""

    def __init__(self, schedule: Callable[[], None]):
        self._schedule = schedule
        self._pending: List[dict] = []

    def add(self, delta: dict) -> None:
        self._pending.append(delta)
        if len(self._pending) == 1:
            self._schedule()

    def take(self) -> List[dict]:
        taken, self._pending = self._pending, []
        return taken
