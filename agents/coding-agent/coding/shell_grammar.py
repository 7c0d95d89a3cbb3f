"""The simple commands of a shell command, by the grammar of bash (tree-sitter-bash).

What is not plainly a list of programs and their words is not taken apart: substitutions, assignments, groups, keywords,
jobs in the background, redirections to files, and whatever does not parse.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any, List, Optional

_LISTS = frozenset({"program", "list", "pipeline"})
_BETWEEN = frozenset({"&&", "||", ";", "|", "\n"})
# A backslash, a brace, or a sign that no editor shows could make something else of a word.
_UNCLEAR = frozenset("\\{}\0\r")
_NOWHERE = ("/dev/null", "1", "2")


class Unclear(Exception):
    """Nothing can be said for sure about the command."""


def is_installed() -> bool:
    return _parser() is not None


@lru_cache(maxsize=1)
def _parser() -> Any:
    try:
        import tree_sitter_bash
        from tree_sitter import Language, Parser
    except ImportError:
        return None
    return Parser(Language(tree_sitter_bash.language()))


def simple_commands(command: str) -> Optional[List[List[str]]]:
    """The words of each, without their quotes; None where the command is not clear."""
    tree = _parser().parse(command.encode("utf-8", "replace"))
    if tree.root_node.has_error:
        return None
    found: List[List[str]] = []
    try:
        _walk(tree.root_node, found)
    except Unclear:
        return None
    return found or None


def _walk(node: Any, found: List[List[str]]) -> None:
    if node.type == "command":
        found.append(_words(node))
    elif node.type == "redirected_statement":
        for child in node.named_children:
            _redirection(child) if child.type == "file_redirect" else _walk(child, found)
    elif node.type in _LISTS:
        for child in node.children:
            if child.is_named:
                _walk(child, found)
            elif child.type not in _BETWEEN:
                raise Unclear(child.type)
    else:
        raise Unclear(node.type)


def _words(command: Any) -> List[str]:
    words = []
    for child in command.children:
        if child.type == "file_redirect":
            _redirection(child)
        elif child.type == "command_name":
            words += [_word(one) for one in child.children]
        else:
            words.append(_word(child))
    return words


def _word(node: Any) -> str:
    if node.type in ("word", "number"):
        text = _text(node)
        if _UNCLEAR & set(text):
            raise Unclear(text)
        return text
    if node.type == "raw_string":
        return _text(node)[1:-1]
    if node.type == "string" and all(child.type in ('"', "string_content") for child in node.children):
        text = _text(node)[1:-1]
        if "\\" in text:
            raise Unclear(text)
        return text
    if node.type == "concatenation":
        return "".join(_word(child) for child in node.children)
    raise Unclear(node.type)


def _redirection(node: Any) -> None:
    """Output that is thrown away or joined with the other output changes nothing."""
    signs = [child.type for child in node.children if not child.is_named]
    destination = node.child_by_field_name("destination")
    if destination is None or _text(destination) not in _NOWHERE or signs not in ([">"], [">&"], ["&>"]):
        raise Unclear(node.type)
    if (_text(destination) == "/dev/null") == (signs == [">&"]):
        raise Unclear(node.type)


def _text(node: Any) -> str:
    return str(node.text.decode("utf-8", "replace"))
