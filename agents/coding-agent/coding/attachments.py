"""What the user sent, as the model gets it: text, and pictures where the model can see."""

from __future__ import annotations

import base64
import binascii
from typing import List, Optional, Union

from coding.conversation import Content
from coding.output_limit import cut
from coding.tool_error import ToolError
from coding.tools import picture_file
from coding.tools.tool import Picture
from coding.workspace import Workspace

_TEXT_TYPES = ("text/", "application/json", "application/xml", "application/x-yaml", "application/yaml")
# A few screenshots; more belong into the workspace, where read_file shows them one by one.
_MAX_PICTURES = 4


def content_of(message: dict, workspace: Workspace, images: bool) -> Content:
    """`images` says whether the model can see pictures."""
    parts: List[Union[str, Picture]] = [str(message.get("text") or "")]
    for item in message.get("attachments") or []:
        if isinstance(item, dict):
            picture = _picture(item, workspace) if images else None
            room = sum(isinstance(part, Picture) for part in parts) < _MAX_PICTURES
            parts.append(picture if picture is not None and room else _describe(item))
    text = "\n\n".join(p if isinstance(p, str) else p.description for p in parts if p)
    pictures = [part.block() for part in parts if isinstance(part, Picture)]
    return [{"type": "text", "text": text}, *pictures] if pictures else text


def prefixed(text: str, content: Content) -> Content:
    """A text of the agent's own before what the user sent."""
    if not text:
        return content
    if isinstance(content, str):
        return f"{text}\n\n{content}"
    return [{"type": "text", "text": text}, *content]


def _picture(attachment: dict, workspace: Workspace) -> Optional[Picture]:
    name = attachment.get("name") or "unnamed"
    try:
        if attachment.get("path"):
            path = workspace.resolve(attachment["path"])
            data, shown = picture_file.read(path), f"[Attached picture {name}: {attachment['path']}]"
        else:
            data = base64.b64decode(attachment.get("data_base64") or "", validate=True)
            shown = f"[Attached picture {name}]"
        return picture_file.picture(data, shown)
    except (OSError, ValueError, ToolError):
        # It is described instead.
        return None


def _describe(attachment: dict) -> str:
    name = attachment.get("name") or "unnamed"
    media_type = str(attachment.get("media_type") or "application/octet-stream")
    if attachment.get("path"):
        return f"[Attached file {name}: {attachment['path']}]"
    if media_type.startswith(_TEXT_TYPES):
        try:
            data = base64.b64decode(attachment.get("data_base64") or "", validate=True)
            return f"[Attached file {name}]\n{cut(data.decode('utf-8')).text}"
        except (binascii.Error, ValueError):
            pass
    return f"[Attached file {name} of type {media_type} cannot be shown to you as text]"
