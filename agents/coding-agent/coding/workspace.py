"""Confines paths to the workspace, whatever they are made of."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from coding.tool_error import ToolError

# Writing one of these makes somebody else's tool run code later: they need the user's permission.
_PROTECTED = frozenset({
    ".git", ".mcp.json", ".github", ".husky", ".gitlab-ci.yml", ".vscode", ".idea", ".envrc", ".gitconfig",
    ".bashrc", ".bash_profile", ".bash_login", ".bash_logout", ".profile",
    ".zshrc", ".zshenv", ".zprofile", ".zlogin", ".cshrc", ".tcshrc", ".kshrc",
})


class Workspace:
    def __init__(self, root: Path):
        self.root = Path(os.path.realpath(root))

    def resolve(self, path: Any) -> Path:
        """The real place of a path, symlinks followed; refused unless it lies in the workspace."""
        if not isinstance(path, str) or not path:
            raise ToolError("INVALID_ARGUMENTS", "the path must be a non-empty string")
        if "\0" in path:
            raise ToolError("PATH_OUTSIDE_WORKSPACE", "the path holds a NUL character")
        try:
            real = Path(os.path.realpath(self.root / path))
        except (OSError, ValueError) as error:
            raise ToolError("INVALID_ARGUMENTS", "the path cannot be resolved") from error
        if real != self.root and self.root not in real.parents:
            raise ToolError("PATH_OUTSIDE_WORKSPACE", f"{path} lies outside the workspace")
        return real

    def shown(self, real: Path) -> str:
        return real.relative_to(self.root).as_posix()

    def is_protected(self, real: Path) -> bool:
        # Some file systems do not tell .GIT from .git.
        return any(part.lower() in _PROTECTED for part in real.relative_to(self.root).parts)
