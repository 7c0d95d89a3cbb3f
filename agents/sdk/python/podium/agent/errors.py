"""Failures that an agent wants its user to read."""

from __future__ import annotations


class AgentError(Exception):
    """Ends the turn with this code and sentence. Any other exception ends it with a general one."""

    def __init__(self, code: str, message: str, retryable: bool = False):
        super().__init__(message)
        self.code = code
        self.message = message
        self.retryable = retryable
