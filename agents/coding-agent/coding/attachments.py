"""What the user sent, as the one text that the model reads."""

from __future__ import annotations

import base64
import binascii

from coding.output_limit import cut

_TEXT_TYPES = ("text/", "application/json", "application/xml", "application/x-yaml", "application/yaml")


def text_of(message: dict) -> str:
    parts = [str(message.get("text") or "")]
    parts += [_describe(item) for item in message.get("attachments") or [] if isinstance(item, dict)]
    return "\n\n".join(part for part in parts if part)


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
