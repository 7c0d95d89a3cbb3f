"""Skills of the project: folders with a SKILL.md, of which the prompt has the name and what it is for."""

from __future__ import annotations

from typing import Iterator, Tuple

from coding.tool_error import ToolError
from coding.workspace import Workspace

_FOLDERS = (".agents/skills", ".claude/skills", ".concert/skills")
_MAX_SKILLS = 50
_HEAD_CHARACTERS = 4_000


def describe(workspace: Workspace) -> str:
    """Empty where there are none."""
    lines = [f"- {name} ({path}): {purpose}" for name, purpose, path in _found(workspace)]
    if not lines:
        return ""
    return (
        "# Skills\n\nRead the file of a skill with read_file before you do what it is for:\n\n"
        + "\n".join(lines[:_MAX_SKILLS]))


def _found(workspace: Workspace) -> Iterator[Tuple[str, str, str]]:
    for folder in _FOLDERS:
        try:
            place = workspace.resolve(folder)
            names = sorted(one.name for one in place.iterdir()) if place.is_dir() else []
        except (OSError, ToolError):
            continue
        for name in names:
            path = f"{folder}/{name}/SKILL.md"
            try:
                file = workspace.resolve(path)
                if not file.is_file():
                    continue
                with open(file, encoding="utf-8", errors="replace") as text:
                    head = _front_matter(text.read(_HEAD_CHARACTERS))
            except (OSError, ToolError):
                continue
            yield head.get("name", name)[:80], head.get("description", "")[:500], path


def _front_matter(text: str) -> dict:
    """The plain `key: value` lines between two lines of dashes."""
    lines = text.splitlines()
    if not lines or lines[0].strip() != "---":
        return {}
    values = {}
    for line in lines[1:]:
        if line.strip() == "---":
            return values
        key, colon, value = line.partition(":")
        if colon and key == key.strip():
            values[key] = value.strip().strip("\"'")
    return {}
