"""The tools of a server as tools of the agent."""

from __future__ import annotations

import hashlib
import json
import re
from typing import Any, List, Union

from coding.mcp_servers.connection import McpConnection, McpError
from coding.tool_error import ToolError
from coding.tools.tool import Picture, Tool, ToolCall

PREFIX = "mcp__"
_MAX_NAME = 64
_MAX_DESCRIPTION = 2_000
_PICTURES = ("image/png", "image/jpeg", "image/gif", "image/webp")


def tool_of(connection: McpConnection, listed: Any) -> Tool:
    server, name = connection.settings.name, str(listed.name)

    async def run(call: ToolCall) -> Union[str, Picture]:
        try:
            result = await connection.call(name, call.arguments)
        except McpError as error:
            raise ToolError("MCP_FAILED", f"the MCP server {server}: {error}") from None
        return _output(result)

    return Tool(
        name=_name(server, name),
        description=str(listed.description or listed.title or name)[:_MAX_DESCRIPTION],
        parameters=_schema(listed.input_schema),
        run=run,
        # What a server says about its own tools, such as that they only read, is not believed.
        needs_permission=lambda call: f"It calls {name[:100]} of the MCP server {server}.",
        checks_itself=True)


def _name(server: str, tool: str) -> str:
    """As providers take it: letters, digits, _ and -, at most 64."""
    plain = PREFIX + server + "__" + re.sub(r"[^A-Za-z0-9_-]", "_", tool)
    if len(plain) <= _MAX_NAME:
        return plain
    return plain[:_MAX_NAME - 9] + "_" + hashlib.sha256(tool.encode("utf-8", "replace")).hexdigest()[:8]


def _schema(schema: Any) -> dict:
    return {"properties": {}, **schema, "type": "object"} if isinstance(schema, dict) else {"type": "object", "properties": {}}


def _output(result: Any) -> Union[str, Picture]:
    texts, pictures = _parts(result.content or [])
    text = "\n".join(texts)
    if not texts and not pictures and result.structured_content is not None:
        text = json.dumps(result.structured_content, ensure_ascii=False)
    if result.is_error:
        raise ToolError("MCP_TOOL_FAILED", text or "the tool failed and does not say why")
    if pictures:
        picture = pictures[0]
        more = f"\n[{len(pictures) - 1} more pictures were left out.]" if len(pictures) > 1 else ""
        return Picture((text or "A picture.") + more, picture.mime_type, picture.data)
    return text or "(nothing)"


def _parts(blocks: List[Any]) -> "tuple[List[str], List[Any]]":
    texts, pictures = [], []
    for block in blocks:
        if block.type == "text":
            texts.append(block.text)
        elif block.type == "image" and block.mime_type in _PICTURES:
            pictures.append(block)
        elif block.type == "resource_link":
            texts.append(f"[{block.name}: {block.uri}]")
        elif block.type == "resource" and getattr(block.resource, "text", None) is not None:
            texts.append(f"[{block.resource.uri}]\n{block.resource.text}")
        else:
            texts.append(f"[{block.type} was left out: it cannot be shown as text.]")
    return texts, pictures
