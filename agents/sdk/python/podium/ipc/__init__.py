"""The socket between an agent and its coordinator."""
