"""The system prompt: the agent's own, the deployment's, and what the project says about itself."""

from __future__ import annotations

from pathlib import Path
from typing import Dict, Optional

from coding.output_limit import cut
from coding.tool_error import ToolError
from coding.workspace import Workspace

_OWN = (Path(__file__).parent / "system_prompt.md").read_text(encoding="utf-8")
_PROJECT_FILES = ("AGENTS.md", "CLAUDE.md")


def build(deployment_prompt: Optional[str], parts: Dict[str, str]) -> str:
    own = [_OWN.strip(), *([str(deployment_prompt)] if deployment_prompt else [])]
    return "\n\n".join([*own, *parts.values()])


def project_notes(workspace: Workspace) -> Dict[str, str]:
    """By the name of what each is about."""
    notes: Dict[str, str] = {}
    seen = set()
    for name in _PROJECT_FILES:
        try:
            path = workspace.resolve(name)
            # One is often a link to the other; a link out of the workspace is refused by resolve().
            if path in seen or not path.is_file():
                continue
            seen.add(path)
            text = path.read_text(encoding="utf-8", errors="replace")
        except (OSError, ToolError):
            continue
        notes[name] = f"# {name} of this project\n\n{cut(text).text.strip()}"
    return notes
