"""Asks the user once, or once for a session."""

from __future__ import annotations

import re
from typing import Optional

from podium.agent import AgentContext

# A command with any of these does more than its first word says, so no earlier answer covers it.
_COMPOUND = re.compile(r"[;&|<>()`$\n\r\\]")
_PLAIN_WORD = re.compile(r"[A-Za-z0-9._/+-]+\Z")


class Permissions:
    def __init__(self, ctx: AgentContext):
        self._ctx = ctx

    async def allows(self, call_id: str, tool_name: str, arguments: dict, reason: str) -> bool:
        grant = grant_for(tool_name, arguments)
        grants = self._ctx.state.grants
        if grant is not None and grant in grants:
            return True
        answer = await self._ctx.ask_permission(call_id, tool_name, arguments, reason)
        if answer.approved and answer.remember == "session" and grant is not None and grant not in grants:
            grants.append(grant)
        return answer.approved


def grant_for(tool_name: str, arguments: dict) -> Optional[str]:
    """What "for this session" would cover, or None when it can only be allowed once."""
    if tool_name != "bash":
        return f"tool:{tool_name}"
    command = str(arguments.get("command", ""))
    words = command.split()
    if not words or _COMPOUND.search(command) or not _PLAIN_WORD.match(words[0]):
        return None
    return f"bash:{words[0]}"
