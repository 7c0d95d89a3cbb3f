"""The tools that a turn has: the built-in ones and those that come from elsewhere, such as MCP servers."""

from __future__ import annotations

from typing import Dict, Iterable, List, Optional

from coding.tools import TOOLS
from coding.tools.tool import Tool


class Toolbox:
    def __init__(self, more: Iterable[Tool] = (), without: Iterable[str] = ()):
        """`more` stands behind the built-in tools and never replaces one; `without` are names that are left out."""
        left_out = frozenset(without)
        all_tools = {**{tool.name: tool for tool in more}, **TOOLS}
        order = [*TOOLS, *(name for name in all_tools if name not in TOOLS)]
        self._tools: Dict[str, Tool] = {name: all_tools[name] for name in order if name not in left_out}

    def get(self, name: str) -> Optional[Tool]:
        return self._tools.get(name)

    def names(self) -> List[str]:
        return list(self._tools)

    def definitions(self) -> List[dict]:
        """As the model sees them."""
        return [
            {"name": tool.name, "description": tool.description, "parameters": tool.parameters}
            for tool in self._tools.values()]
