"""apply_patch: changes several files together, or none of them."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Dict, List, Optional

from coding.tool_error import ToolError
from coding.tools import patch_format, text_file
from coding.tools.patch_format import AddFile, DeleteFile, FileChange, UpdateFile
from coding.tools.tool import Tool, ToolCall
from coding.workspace import Workspace


def needs_permission(call: ToolCall) -> Optional[str]:
    protected = sorted({
        call.workspace.shown(path) for path in _paths(patch_format.parse(call.arguments["patch"]), call.workspace)
        if call.workspace.is_protected(path)})
    return f"{', '.join(protected)} can make other programs run code." if protected else None


def _paths(changes: List[FileChange], workspace: Workspace) -> List[Path]:
    named = [change.path for change in changes]
    named += [change.move_to for change in changes if isinstance(change, UpdateFile) and change.move_to]
    return [workspace.resolve(name) for name in named]


class _Plan:
    """What the files will be; nothing is written before all of the patch fits."""

    def __init__(self, workspace: Workspace):
        self._workspace = workspace
        self._files: Dict[Path, Optional[str]] = {}
        self.report: List[str] = []

    def add(self, change: FileChange) -> None:
        path = self._workspace.resolve(change.path)
        if isinstance(change, AddFile):
            if self._exists(path):
                raise ToolError("FILE_EXISTS", f"{change.path} exists already; update it instead")
            self._files[path] = change.content
            self.report.append(f"A {change.path}")
        elif isinstance(change, DeleteFile):
            self._text(path, change.path)
            self._files[path] = None
            self.report.append(f"D {change.path}")
        else:
            self._update(path, change)

    def _update(self, path: Path, change: UpdateFile) -> None:
        text = patch_format.updated(self._text(path, change.path), change)
        if change.move_to is None:
            self._files[path] = text
            self.report.append(f"M {change.path}")
            return
        target = self._workspace.resolve(change.move_to)
        if target != path and self._exists(target):
            raise ToolError("FILE_EXISTS", f"{change.move_to} exists already")
        self._files[path] = None
        self._files[target] = text
        self.report.append(f"R {change.path} -> {change.move_to}")

    def _exists(self, path: Path) -> bool:
        return self._files[path] is not None if path in self._files else path.exists()

    def _text(self, path: Path, shown: str) -> str:
        planned = self._files.get(path)
        if path in self._files:
            if planned is None:
                raise ToolError("NOT_FOUND", f"an earlier part of the patch removes {shown}")
            return planned
        return text_file.read(path, shown)

    def carry_out(self) -> None:
        for path, text in self._files.items():
            if text is not None:
                text_file.write(path, self._workspace.shown(path), text)
        for path, text in self._files.items():
            if text is None:
                path.unlink(missing_ok=True)


def _apply(call: ToolCall) -> str:
    plan = _Plan(call.workspace)
    for change in patch_format.parse(call.arguments["patch"]):
        plan.add(change)
    plan.carry_out()
    return "Applied the patch:\n" + "\n".join(plan.report)


async def run(call: ToolCall) -> str:
    return await asyncio.to_thread(_apply, call)


TOOL = Tool(
    name="apply_patch",
    description=(
        "Changes several text files at once; if one part does not fit, nothing changes. Format:\n"
        "*** Begin Patch\n*** Update File: path\n*** Move to: new/path (optional)\n@@ a line above the place "
        "(optional)\n unchanged line\n-removed line\n+added line\n*** Add File: path\n+every line of it\n"
        "*** Delete File: path\n*** End Patch\n"
        "Give three unchanged lines around each change, copied exactly."),
    parameters={
        "type": "object",
        "properties": {"patch": {"type": "string", "description": "The patch"}},
        "required": ["patch"],
    },
    run=run,
    needs_permission=needs_permission,
    edits=True,
)
