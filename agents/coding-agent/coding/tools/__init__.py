"""The built-in tools, one module each, with the schema the model sees next to the code that obeys it."""

from __future__ import annotations

from typing import Dict

from coding.tools import (
    apply_patch, ask_user, bash, bash_kill, bash_poll, edit_file, list_files, read_file, search, todo, web_fetch,
    write_file)
from coding.tools.tool import Tool

TOOLS: Dict[str, Tool] = {
    module.TOOL.name: module.TOOL
    for module in (
        read_file, write_file, edit_file, apply_patch, list_files, search, bash, bash_poll, bash_kill, web_fetch, todo,
        ask_user)
}
