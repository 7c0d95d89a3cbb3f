"""The servers that a project names in `.mcp.json`. They come from whoever wrote the project, so the user is asked, once
for each content of the file."""

from __future__ import annotations

import hashlib
import json

from coding.mcp_servers.settings import Parsed, parse
from coding.permissions import mode_of
from coding.tool_error import ToolError
from coding.workspace import Workspace
from podium.agent import AgentContext

FILE = ".mcp.json"
_MAX_BYTES = 65_536
_MAX_REMEMBERED = 100
_NOTHING = Parsed([], [])


async def approved_servers(ctx: AgentContext, workspace: Workspace) -> Parsed:
    content = _content(workspace)
    if content is None:
        return _NOTHING
    try:
        found = parse(json.loads(content).get("mcpServers"))
    except (ValueError, AttributeError):
        return Parsed([], [f"{FILE} is not a JSON object"])
    if not found.servers:
        return found
    return found if await _is_approved(ctx, hashlib.sha256(content).hexdigest(), found) else _NOTHING


async def _is_approved(ctx: AgentContext, digest: str, found: Parsed) -> bool:
    decided = ctx.state.project_servers
    if digest in decided:
        return bool(decided[digest])
    mode = mode_of(ctx)
    if mode in ("all", "plan"):
        # In the first nothing asks, because the sandbox is the limit; in the second nothing new is started.
        return mode == "all"
    names = ", ".join(server.name for server in found.servers)
    answer = await ctx.ask_permission(
        f"mcp-{digest[:12]}", "mcp_servers", {server.name: server.shown() for server in found.servers},
        f"The project's {FILE} names MCP servers: {names}. They run in the sandbox, with the project's files. "
        "You are asked again when the file changes.")
    if not answer.dismissed:
        kept = list(decided.items())[-_MAX_REMEMBERED:]
        ctx.state.project_servers = {**dict(kept), digest: answer.approved}
    return answer.approved


def _content(workspace: Workspace) -> "bytes | None":
    try:
        path = workspace.resolve(FILE)
        if not path.is_file() or path.stat().st_size > _MAX_BYTES:
            return None
        return path.read_bytes()
    except (OSError, ToolError):
        return None
