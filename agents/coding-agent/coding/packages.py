"""The libraries of PyPI beside the agent: `install-packages` puts them there, into one folder for each Python."""

from __future__ import annotations

import sys
from pathlib import Path

FOLDER = Path(__file__).resolve().parents[1] / "target" / "packages" / str(sys.implementation.cache_tag)
_OF_THE_HOST = ("site-packages", "dist-packages")


def add_to_path() -> None:
    """Behind the standard library, and before what else is installed on the host, which may be other versions.
    Where nothing is there, an import fails, and who imports says what is missing."""
    if FOLDER.is_dir() and str(FOLDER) not in sys.path:
        hosts = (n for n, entry in enumerate(sys.path) if entry.rstrip("/").endswith(_OF_THE_HOST))
        sys.path.insert(next(hosts, len(sys.path)), str(FOLDER))
