"""Lists and dicts that report their own changes as JSON Patch operations.

A container knows its parent and asks it for its path at the time of the change, so inserting before
a nested container needs no renumbering.
"""

from __future__ import annotations

from typing import Any, Optional


def wrap(value: Any, parent: "Any") -> Any:
    """A tracked copy: what the caller keeps of the original is not part of the state."""
    if value is None or isinstance(value, (bool, int, float, str)):
        return value
    if isinstance(value, dict):
        return TrackedDict(value, parent)
    if isinstance(value, (list, tuple)):
        return TrackedList(value, parent)
    raise TypeError(f"state holds JSON values only, not {type(value).__name__}")


def plain(value: Any) -> Any:
    """A copy of ordinary dicts and lists, as it goes on the wire."""
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [plain(item) for item in value]
    return value


def escape(key: str) -> str:
    return key.replace("~", "~0").replace("/", "~1")


class _Node:
    """A container's place in the state; without a parent its changes concern nobody."""

    _parent: Optional[Any] = None

    def _path(self) -> Optional[str]:
        if self._parent is None:
            return None
        base = self._parent._path()
        return None if base is None else f"{base}/{self._parent._key_of(self)}"

    def _report(self, op: str, key: Optional[str] = None, *value: Any) -> None:
        path = self._path()
        if path is not None:
            self._emit(op, path if key is None else f"{path}/{key}", *value)

    def _emit(self, op: str, path: str, *value: Any) -> None:
        self._parent._emit(op, path, *value)

    def _forget(self, *children: Any) -> None:
        for child in children:
            if isinstance(child, _Node):
                child._parent = None


class TrackedDict(_Node, dict):
    def __init__(self, values: dict, parent: Any):
        dict.__init__(self)
        self._parent = parent
        for key, value in values.items():
            dict.__setitem__(self, _text_key(key), wrap(value, self))

    def _key_of(self, child: Any) -> str:
        return next(escape(key) for key, value in self.items() if value is child)

    def __setitem__(self, key: str, value: Any) -> None:
        op = "replace" if _text_key(key) in self else "add"
        wrapped = wrap(value, self)
        self._forget(self.get(key))
        dict.__setitem__(self, key, wrapped)
        self._report(op, escape(key), plain(wrapped))

    def __delitem__(self, key: str) -> None:
        self._forget(self.get(key))
        dict.__delitem__(self, key)
        self._report("remove", escape(key))

    def pop(self, key: str, *default: Any) -> Any:
        if key not in self:
            if default:
                return default[0]
            raise KeyError(key)
        value = self[key]
        del self[key]
        return value

    def popitem(self) -> tuple:
        if not self:
            raise KeyError("the dict is empty")
        key = next(reversed(self))
        return key, self.pop(key)

    def clear(self) -> None:
        for key in list(self):
            del self[key]

    def update(self, *args: Any, **named: Any) -> None:
        for key, value in dict(*args, **named).items():
            self[key] = value

    def __ior__(self, other: Any) -> "TrackedDict":
        self.update(other)
        return self

    def setdefault(self, key: str, default: Any = None) -> Any:
        if key not in self:
            self[key] = default
        return self[key]


class TrackedList(_Node, list):
    def __init__(self, values: Any, parent: Any):
        list.__init__(self)
        self._parent = parent
        list.extend(self, [wrap(value, self) for value in values])

    def _key_of(self, child: Any) -> str:
        return next(str(index) for index, value in enumerate(self) if value is child)

    def append(self, value: Any) -> None:
        list.append(self, wrap(value, self))
        self._report("add", "-", plain(self[-1]))

    def extend(self, values: Any) -> None:
        for value in list(values):
            self.append(value)

    def __iadd__(self, values: Any) -> "TrackedList":
        self.extend(values)
        return self

    def insert(self, index: int, value: Any) -> None:
        place = min(max(index + len(self) if index < 0 else index, 0), len(self))
        list.insert(self, place, wrap(value, self))
        self._report("add", str(place), plain(self[place]))

    def pop(self, index: int = -1) -> Any:
        value = self[index]
        del self[index]
        return value

    def remove(self, value: Any) -> None:
        del self[self.index(value)]

    def __delitem__(self, index: Any) -> None:
        if isinstance(index, slice):
            self._forget(*self[index])
            list.__delitem__(self, index)
            self._report_whole()
            return
        place = range(len(self))[index]
        self._forget(self[place])
        list.__delitem__(self, place)
        self._report("remove", str(place))

    def __setitem__(self, index: Any, value: Any) -> None:
        if isinstance(index, slice):
            wrapped = [wrap(item, self) for item in value]
            self._forget(*self[index])
            list.__setitem__(self, index, wrapped)
            self._report_whole()
            return
        place = range(len(self))[index]
        wrapped = wrap(value, self)
        self._forget(self[place])
        list.__setitem__(self, place, wrapped)
        self._report("replace", str(place), plain(wrapped))

    def clear(self) -> None:
        del self[:]

    def sort(self, **options: Any) -> None:
        list.sort(self, **options)
        self._report_whole()

    def reverse(self) -> None:
        list.reverse(self)
        self._report_whole()

    def __imul__(self, times: int) -> "TrackedList":
        self[:] = [plain(value) for value in self] * times
        return self

    def _report_whole(self) -> None:
        """Moves of many items at once are one `replace` of the list."""
        self._report("replace", None, plain(self))


def _text_key(key: Any) -> str:
    if not isinstance(key, str):
        raise TypeError(f"keys of state are strings, not {type(key).__name__}")
    return key
