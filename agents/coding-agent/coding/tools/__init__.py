"""The tools, one module each, with the schema the model sees next to the code that obeys it."""

from __future__ import annotations

from typing import Dict

from coding.tools import ask_user, bash, edit_file, list_files, read_file, search, write_file
from coding.tools.tool import Tool

TOOLS: Dict[str, Tool] = {
    module.TOOL.name: module.TOOL
    for module in (read_file, write_file, edit_file, list_files, search, bash, ask_user)
}

DEFINITIONS = [
    {"name": tool.name, "description": tool.description, "parameters": tool.parameters}
    for tool in TOOLS.values()
]
