"""npm's reference servers of MCP, pinned, and the libraries of the agent: installed where they are missing."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path
from typing import List

from support import AGENTS

from coding import packages

VERSION = "2026.8.31"
_FOLDER = AGENTS.parent / ".concert" / "tools" / "mcp-servers"


def command(name: str) -> List[str]:
    """Starts one: `everything` or `filesystem`."""
    program = _FOLDER / "node_modules" / ".bin" / f"mcp-server-{name}"
    if not (_is_installed("everything") and _is_installed("filesystem")):
        names = [f"@modelcontextprotocol/server-{one}@{VERSION}" for one in ("everything", "filesystem")]
        subprocess.run(
            ["npm", "install", "--silent", "--no-audit", "--no-fund", "--prefix", str(_FOLDER), *names],
            check=True, capture_output=True, timeout=600)
    return [shutil.which("node") or "node", str(program.resolve())]


def _is_installed(name: str) -> bool:
    package = _FOLDER / "node_modules" / "@modelcontextprotocol" / f"server-{name}" / "package.json"
    return package.is_file() and f'"version": "{VERSION}"' in package.read_text()


def install_libraries() -> None:
    script = Path(AGENTS / "coding-agent" / "install-packages")
    subprocess.run([str(script)], check=True, capture_output=True, timeout=600)
    packages.add_to_path()
