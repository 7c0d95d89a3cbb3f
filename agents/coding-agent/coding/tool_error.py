"""A tool call that did not work, told to the user and to the model."""

from __future__ import annotations


class ToolError(Exception):
    def __init__(self, code: str, message: str):
        super().__init__(message)
        self.code = code
        self.message = message
