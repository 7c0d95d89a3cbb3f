"""Facts about the place where the agent works."""

from __future__ import annotations

import asyncio
import datetime
import platform
from typing import List, NamedTuple, Optional

from coding.tools.bash import environment
from coding.workspace import Workspace

_GIT_SECONDS = 3
_MAX_CHANGES = 20


class Facts(NamedTuple):
    text: str
    essence: str
    """What makes it worth to be told again: not each changed file."""


async def facts(workspace: Workspace) -> Facts:
    date = datetime.date.today().isoformat()
    lines = [
        f"- Folder: {workspace.root}", f"- System: {platform.system()} {platform.release()}, {platform.machine()}",
        f"- Date: {date}"]
    branch = ""
    status = await _git_status(workspace) if (workspace.root / ".git").exists() else None
    if status:
        branch = status[0].lstrip("# ").partition("...")[0]
        changes = status[1:]
        lines.append(f"- Git branch: {branch}; {len(changes)} changed files{':' if changes else ''}")
        lines += [f"  {change}" for change in changes[:_MAX_CHANGES]]
    return Facts("# Environment\n\n" + "\n".join(lines), f"{date} {branch}")


async def _git_status(workspace: Workspace) -> Optional[List[str]]:
    # Without programs that the repository's own configuration names.
    command = [
        "git", "-c", "core.fsmonitor=false", "-c", "core.hooksPath=/dev/null", "--no-optional-locks", "status",
        "--porcelain", "--branch", "--ignore-submodules=all"]
    try:
        process = await asyncio.create_subprocess_exec(
            *command, cwd=str(workspace.root), stdin=asyncio.subprocess.DEVNULL, stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL, env={**environment(), "GIT_TERMINAL_PROMPT": "0"})
    except OSError:
        return None
    try:
        output, _ = await asyncio.wait_for(process.communicate(), _GIT_SECONDS)
    except asyncio.TimeoutError:
        return None
    finally:
        if process.returncode is None:
            process.kill()
    return output.decode("utf-8", "replace").splitlines() if process.returncode == 0 else None
