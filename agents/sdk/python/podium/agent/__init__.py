"""What an agent's author imports."""

from podium.agent.base_agent import BaseAgent
from podium.agent.context import AgentContext
from podium.agent.errors import AgentError
from podium.agent.questions import Permission
from podium.runtime import run

__all__ = ["AgentContext", "AgentError", "BaseAgent", "Permission", "run"]
