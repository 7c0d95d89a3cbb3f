"""Instructions of folders below: the model gets them when it first works there."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Iterator, List, Optional

from coding.output_limit import cut
from coding.tool_error import ToolError
from coding.tools import patch_format
from coding.tools.tool import Tool
from coding.workspace import Workspace
from podium.agent import AgentContext

_NAMES = ("AGENTS.md", "CLAUDE.md")


class NestedNotes:
    def __init__(self, ctx: AgentContext, workspace: Workspace):
        self._ctx = ctx
        self._workspace = workspace

    def news(self, tool: Tool, arguments: dict) -> str:
        """What the folders of a call's files say and the model was not told yet; empty where nothing is."""
        news = []
        for path in self._paths(tool, arguments):
            for folder in self._folders(path):
                note = self._note(folder)
                if note is not None:
                    news.append(note)
        return "\n\n".join(news)

    def _paths(self, tool: Tool, arguments: dict) -> List[Path]:
        names = [arguments["path"]] if "path" in arguments else []
        if tool.name == "apply_patch":
            names = [change.path for change in patch_format.parse(arguments["patch"])]
        try:
            return [self._workspace.resolve(name) for name in names]
        except ToolError:
            return []

    def _folders(self, path: Path) -> Iterator[Path]:
        """From the top down, without the workspace itself: its notes are in the prompt."""
        way = [path, *path.parents] if path.is_dir() else list(path.parents)
        yield from (folder for folder in reversed(way) if self._workspace.root in folder.parents)

    def _note(self, folder: Path) -> Optional[str]:
        for name in _NAMES:
            try:
                path = self._workspace.resolve(f"{self._workspace.shown(folder)}/{name}")
                if not path.is_file():
                    continue
                text = path.read_text(encoding="utf-8", errors="replace")
            except (OSError, ToolError):
                continue
            shown, digest = self._workspace.shown(folder), hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()
            if self._ctx.state.told_below.get(shown) == digest:
                return None
            self._ctx.state.told_below[shown] = digest
            return f"[{name} of {shown}/, for everything below it:]\n{cut(text).text.strip()}"
        return None
