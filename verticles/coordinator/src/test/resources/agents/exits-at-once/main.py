"""Cannot even begin."""
raise RuntimeError("a bug at the top")
