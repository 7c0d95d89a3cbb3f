"""All servers of a session, from the configuration and from the project, and the tools that they have."""

from __future__ import annotations

import asyncio
from typing import Dict, List

from coding.mcp_servers import project
from coding.mcp_servers.connection import McpConnection, McpError
from coding.mcp_servers.settings import ServerSettings, parse
from coding.mcp_servers.tools import tool_of
from coding.tools.tool import Tool
from coding.workspace import Workspace
from podium.agent import AgentContext

_OPEN_SECONDS = 60
_CALL_SECONDS = 300


class McpServers:
    def __init__(self) -> None:
        self._connections: Dict[str, McpConnection] = {}
        self._tools: Dict[str, List[Tool]] = {}
        self._reported: Dict[str, str] = {}

    async def tools(self, ctx: AgentContext, workspace: Workspace) -> List[Tool]:
        """In an order that stays, so that the provider finds the prompt in its cache. A server that does not start is
        named to the user once, and tried again with the next message."""
        wanted = await self._wanted(ctx, workspace)
        await self._close_others(wanted)
        await asyncio.gather(*(self._connect(ctx, workspace, server) for server in wanted.values()))
        return [tool for name in sorted(wanted) for tool in self._tools.get(name, [])]

    async def close(self) -> None:
        await self._close_others({})

    async def _wanted(self, ctx: AgentContext, workspace: Workspace) -> Dict[str, ServerSettings]:
        configured = parse(ctx.get_config("mcp_servers"))
        from_project = await project.approved_servers(ctx, workspace)
        for fault in [*configured.faults, *from_project.faults]:
            await self._report(ctx, fault.partition(":")[0], fault)
        # What the operator or the user has named is not replaced by a project.
        servers = [*from_project.servers, *configured.servers]
        return {server.name: server for server in servers}

    async def _close_others(self, wanted: Dict[str, ServerSettings]) -> None:
        for name in list(self._connections):
            if name not in wanted or wanted[name].digest() != self._connections[name].settings.digest():
                self._tools.pop(name, None)
                await self._connections.pop(name).close()

    async def _connect(self, ctx: AgentContext, workspace: Workspace, server: ServerSettings) -> None:
        if server.name in self._tools:
            return
        connection = self._connections.get(server.name)
        if connection is None:
            connection = McpConnection(
                server, str(workspace.root), float(ctx.get_config("mcp_open_seconds", _OPEN_SECONDS)),
                float(ctx.get_config("mcp_call_seconds", _CALL_SECONDS)))
            self._connections[server.name] = connection
        try:
            listed = await connection.tools()
        except McpError as error:
            await connection.close()
            await self._report(ctx, server.name, f"The MCP server {server.name} is left out: {error}.")
            return
        tools = {tool.name: tool for tool in (tool_of(connection, one) for one in listed)}
        self._tools[server.name] = [tools[name] for name in sorted(tools)]
        self._reported.pop(server.name, None)

    async def _report(self, ctx: AgentContext, name: str, sentence: str) -> None:
        if self._reported.get(name) == sentence:
            return
        self._reported[name] = sentence
        await ctx.log("warn", sentence, "coding-agent")
        await (await ctx.send_message(f"{sentence}\n\n")).finish()
