"""Servers of the Model Context Protocol: which there are, the connections to them, and their tools."""
