"""web_fetch: a page of the web as text, by the way to the network that the agent has."""

from __future__ import annotations

import asyncio
import urllib.error
import urllib.request
from html.parser import HTMLParser
from typing import List, Optional
from urllib.parse import urljoin, urlsplit

from coding.tool_error import ToolError
from coding.tools.tool import Tool, ToolCall

_MAX_BYTES = 2 * 1024 * 1024
_SECONDS = 30
_HIDDEN = frozenset({"script", "style", "noscript", "template", "svg", "head"})
_BREAKS = frozenset({
    "p", "div", "br", "li", "tr", "h1", "h2", "h3", "h4", "h5", "h6", "pre", "section", "article", "table", "ul", "ol"})


def host_of(url: str) -> str:
    """The host and, where it is named, the port; a ToolError for what is no web address."""
    try:
        parts = urlsplit(url)
        port = f":{parts.port}" if parts.port else ""
    except ValueError:
        raise ToolError("INVALID_ARGUMENTS", "the URL cannot be read") from None
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.username is not None:
        raise ToolError("INVALID_ARGUMENTS", "the URL must begin with http:// or https:// and name no user")
    return parts.hostname + port


def needs_permission(call: ToolCall) -> Optional[str]:
    return f"It asks {host_of(call.arguments['url'])} for a page."


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """Another host would need its own permission, so the model asks for the new address itself."""

    def redirect_request(self, *args: object) -> None:
        return None


class _Text(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._hidden = 0
        self.pieces: List[str] = []

    def handle_starttag(self, tag: str, attrs: list) -> None:
        self._hidden += tag in _HIDDEN
        if tag in _BREAKS:
            self.pieces.append("\n")

    def handle_endtag(self, tag: str) -> None:
        self._hidden -= tag in _HIDDEN and self._hidden > 0

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            self.pieces.append(data)


def text_of(html: str) -> str:
    parser = _Text()
    parser.feed(html)
    lines = (" ".join(line.split()) for line in "".join(parser.pieces).split("\n"))
    return "\n".join(line for line in lines if line)


def _fetch(url: str) -> str:
    # urllib takes the proxy from the environment: in the sandbox that is the one that obeys the policy.
    opener = urllib.request.build_opener(_NoRedirect)
    request = urllib.request.Request(url, headers={"User-Agent": "concert-coding-agent", "Accept": "text/*, */*;q=0.5"})
    try:
        with opener.open(request, timeout=_SECONDS) as response:
            kind = response.headers.get_content_type()
            charset = response.headers.get_content_charset() or "utf-8"
            data = response.read(_MAX_BYTES + 1)
    except urllib.error.HTTPError as error:
        if error.code in (301, 302, 303, 307, 308) and error.headers.get("Location"):
            return f"The page is at {urljoin(url, error.headers['Location'])} now."
        detail = error.read(300).decode("utf-8", "replace").strip()
        raise ToolError("HTTP_ERROR", f"{host_of(url)} answered with HTTP {error.code}. {detail}".strip()) from None
    except (urllib.error.URLError, OSError) as error:
        reason = getattr(error, "reason", error)
        raise ToolError("UNREACHABLE", f"{host_of(url)} cannot be reached: {reason}") from None
    if b"\0" in data[:8192]:
        raise ToolError("BINARY_FILE", f"the answer is of type {kind}, which is no text")
    try:
        text = data[:_MAX_BYTES].decode(charset, "replace")
    except LookupError:
        text = data[:_MAX_BYTES].decode("utf-8", "replace")
    return (text_of(text) if kind in ("text/html", "application/xhtml+xml") else text) or "(the page has no text)"


async def run(call: ToolCall) -> str:
    return await asyncio.to_thread(_fetch, call.arguments["url"])


TOOL = Tool(
    name="web_fetch",
    description="Gets a page of the web as text. Which hosts can be reached is the operator's decision.",
    parameters={
        "type": "object",
        "properties": {"url": {"type": "string", "description": "The address, http or https"}},
        "required": ["url"],
    },
    run=run,
    needs_permission=needs_permission,
    in_plan_mode=True,
)
