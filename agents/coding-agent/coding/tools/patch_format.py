"""The patch format that models know: files by name, places by the lines around them, no line numbers."""

from __future__ import annotations

from typing import List, NamedTuple, Optional, Tuple, Union

from coding.tool_error import ToolError

_BEGIN, _END = "*** Begin Patch", "*** End Patch"
_ADD, _DELETE, _UPDATE = "*** Add File: ", "*** Delete File: ", "*** Update File: "
_MOVE, _END_OF_FILE = "*** Move to: ", "*** End of File"


class Hunk(NamedTuple):
    anchors: List[str]
    """Lines that come before the place, in their order."""
    old: List[str]
    new: List[str]
    at_end: bool


class AddFile(NamedTuple):
    path: str
    content: str


class DeleteFile(NamedTuple):
    path: str


class UpdateFile(NamedTuple):
    path: str
    move_to: Optional[str]
    hunks: List[Hunk]


FileChange = Union[AddFile, DeleteFile, UpdateFile]


def _wrong(message: str) -> ToolError:
    return ToolError("INVALID_PATCH", message)


def parse(patch: str) -> List[FileChange]:
    lines = patch.strip().replace("\r\n", "\n").split("\n")
    if lines[0].strip() != _BEGIN or lines[-1].strip() != _END:
        raise _wrong(f"the patch must begin with '{_BEGIN}' and end with '{_END}'")
    changes: List[FileChange] = []
    body = lines[1:-1]
    while body:
        size = next((n for n, line in enumerate(body[1:], 1) if line.startswith((_ADD, _DELETE, _UPDATE))), len(body))
        changes.append(_file(body[0], _without_empty_end(body[1:size])))
        body = body[size:]
    if not changes:
        raise _wrong("the patch names no file")
    return changes


def _without_empty_end(body: List[str]) -> List[str]:
    """An empty line before the next file is for the eye: a line of the file would begin with a blank."""
    while body and body[-1] == "":
        body = body[:-1]
    return body


def _file(head: str, body: List[str]) -> FileChange:
    if head.startswith(_ADD):
        stray = next((line for line in body if not line.startswith("+")), None)
        if stray is not None:
            raise _wrong(f"each line of an added file begins with +, not so: {stray[:80]}")
        return AddFile(head[len(_ADD):].strip(), "".join(line[1:] + "\n" for line in body))
    if head.startswith(_DELETE):
        return DeleteFile(head[len(_DELETE):].strip())
    if not head.startswith(_UPDATE):
        raise _wrong(f"'{head[:80]}' begins no file")
    path, move_to = head[len(_UPDATE):].strip(), None
    if body and body[0].startswith(_MOVE):
        move_to, body = body[0][len(_MOVE):].strip(), body[1:]
    hunks = _hunks(body)
    if not hunks and move_to is None:
        raise _wrong(f"nothing is to be changed in {path}")
    return UpdateFile(path, move_to, hunks)


def _hunks(body: List[str]) -> List[Hunk]:
    hunks: List[Hunk] = []
    anchors: List[str] = []
    old: List[str] = []
    new: List[str] = []
    at_end = False

    def end_hunk() -> None:
        if old or new:
            hunks.append(Hunk(list(anchors), list(old), list(new), at_end))
            anchors.clear(), old.clear(), new.clear()

    for line in body:
        if line.startswith("@@"):
            end_hunk()
            at_end = False
            anchor = line[2:].strip()
            anchors.extend([anchor] if anchor else [])
        elif line == _END_OF_FILE:
            at_end = True
            end_hunk()
            at_end = False
        elif line[:1] in ("+", "-", " ") or line == "":
            if line[:1] != "+":
                old.append(line[1:])
            if line[:1] != "-":
                new.append(line[1:])
        else:
            raise _wrong(f"a line begins with a blank, + or -, not so: {line[:80]}")
    end_hunk()
    return hunks


def updated(text: str, change: UpdateFile) -> str:
    """The text after the change; its line ends stay what they were."""
    line_end = "\r\n" if "\r\n" in text else "\n"
    lines = text.replace("\r\n", "\n").split("\n")
    closed = lines[-1] == ""
    if closed:
        lines.pop()
    at = 0
    for hunk in change.hunks:
        at = _after_anchors(lines, hunk, at, change.path)
        place, old, new = _place(lines, hunk, at, change.path)
        lines[place:place + len(old)] = new
        at = place + len(new)
    return line_end.join(lines) + (line_end if closed or not text else "")


def _after_anchors(lines: List[str], hunk: Hunk, at: int, path: str) -> int:
    for anchor in hunk.anchors:
        found = next((n for n in range(at, len(lines)) if lines[n].strip() == anchor), None)
        if found is None:
            raise ToolError("NO_MATCH", f"the line '{anchor[:80]}' does not occur below line {at} of {path}")
        at = found + 1
    return at


def _place(lines: List[str], hunk: Hunk, at: int, path: str) -> Tuple[int, List[str], List[str]]:
    """Where the hunk belongs, with its old and new lines. Blanks at the ends of lines do not count."""
    if not hunk.old:
        return (at if hunk.anchors else len(lines)), [], hunk.new
    for same in (str, str.rstrip):
        last = len(lines) - len(hunk.old)
        places = [last] if hunk.at_end and last >= 0 else range(at, last + 1)
        for place in places:
            if all(same(lines[place + n]) == same(old) for n, old in enumerate(hunk.old)):
                return place, hunk.old, hunk.new
    raise ToolError(
        "NO_MATCH",
        f"these lines do not occur in {path} below line {at}; read the file again and copy them exactly:\n"
        + "\n".join(hunk.old[:5]))
