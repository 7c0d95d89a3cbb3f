"""How a server is described, in the form that `.mcp.json` has made usual."""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass, field
from typing import Any, Dict, List, NamedTuple
from urllib.parse import urlsplit

_NAME = re.compile(r"[A-Za-z0-9_-]{1,32}\Z")
_HTTP = ("http", "streamable-http", "streamableHttp")


@dataclass(frozen=True)
class ServerSettings:
    name: str
    kind: str
    """`stdio`, `http` or `sse`."""
    command: str = ""
    arguments: List[str] = field(default_factory=list)
    variables: Dict[str, str] = field(default_factory=dict)
    url: str = ""
    headers: Dict[str, str] = field(default_factory=dict)

    def digest(self) -> str:
        """Another one when anything of the settings is."""
        return hashlib.sha256(json.dumps(vars(self), sort_keys=True).encode("utf-8", "replace")).hexdigest()

    def shown(self) -> str:
        """What it runs or asks, without the values of variables and headers, which may be secrets."""
        return " ".join([self.command, *self.arguments]) if self.kind == "stdio" else self.url


class Parsed(NamedTuple):
    servers: List[ServerSettings]
    faults: List[str]
    """A sentence for each entry that is left out."""


def parse(entries: Any) -> Parsed:
    """`entries` maps the names of servers to their settings."""
    servers, faults = [], []
    if not isinstance(entries, dict):
        return Parsed([], ["mcpServers must be an object"] if entries else [])
    for name in sorted(entries, key=str):
        try:
            servers.append(_server(str(name), entries[name]))
        except ValueError as error:
            faults.append(f"{str(name)[:40]}: {error}")
    return Parsed(servers, faults)


def _server(name: str, entry: Any) -> ServerSettings:
    if not _NAME.match(name):
        raise ValueError("the name of a server has 1 to 32 letters, digits, _ and -")
    if not isinstance(entry, dict):
        raise ValueError("the settings of a server are an object")
    if entry.get("url"):
        kind = "sse" if entry.get("type") == "sse" else "http"
        if entry.get("type", "http") not in (*_HTTP, "sse"):
            raise ValueError("the type of a server with a url is http or sse")
        url = str(entry["url"])
        if urlsplit(url).scheme not in ("http", "https"):
            raise ValueError("the url begins with http:// or https://")
        return ServerSettings(name, kind, url=url, headers=_texts(entry, "headers"))
    if entry.get("type", "stdio") != "stdio" or not isinstance(entry.get("command"), str) or not entry["command"]:
        raise ValueError("a server has a command, or a url")
    arguments = entry.get("args", [])
    if not isinstance(arguments, list) or not all(isinstance(one, str) for one in arguments):
        raise ValueError("args is a list of texts")
    return ServerSettings(name, "stdio", entry["command"], list(arguments), _texts(entry, "env"))


def _texts(entry: dict, key: str) -> Dict[str, str]:
    values = entry.get(key) or {}
    if not isinstance(values, dict) or not all(isinstance(value, str) for value in values.values()):
        raise ValueError(f"{key} maps names to texts")
    return {str(name): value for name, value in values.items()}
