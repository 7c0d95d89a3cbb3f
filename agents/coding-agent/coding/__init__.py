"""The coding agent: `agent` holds the hooks, `turn` the loop, `tools` what the model can do."""
