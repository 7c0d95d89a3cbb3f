"""The Python SDK for Concert agents: `from podium.agent import BaseAgent, AgentContext, run`."""

SDK_NAME = "podium-python"
SDK_VERSION = "1.0.0"
