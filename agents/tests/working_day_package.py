"""The sources of a small package of PyPI, with its own tests and the library that it needs, and faults put into it."""

from __future__ import annotations

import hashlib
import io
import shutil
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from pathlib import Path
from typing import List, NamedTuple

from support import AGENTS

_FOLDER = AGENTS.parent / ".concert" / "tools" / "pypi"
_FILES = {
    "isodate-0.6.1.tar.gz": "48c5881de7e8b0a0d648cb024c8062dc84e7b840ed81e864c7614fd3c127bde9",
    "six-1.17.0-py2.py3-none-any.whl": "4721f391ed90541fddacab5acf947aa0d3dc7d27b2e1e8eda2be8970586c3274",
}
TESTS = 278
# Says which tests fail, and no times: what a tool prints decides what the model says.
CHECK = """\
import sys, unittest
sys.path[:0] = ["lib", "."]
result = unittest.TestResult()
unittest.defaultTestLoader.discover("isodate/tests", top_level_dir=".").run(result)
bad = sorted({test.id().rpartition(".")[0] for test, _ in result.failures + result.errors})
print(f"{len(result.failures) + len(result.errors)} of {result.testsRun} fail")
print("\\n".join(bad[:20]))
"""


class Fault(NamedTuple):
    path: str
    right: str
    wrong: str


FAULTS = (
    Fault("isodate/isoduration.py", "ret = Duration(0) - ret", "ret = Duration(0) + ret"),
    Fault("isodate/isotime.py", "minute = (hour - int(hour)) * 60", "minute = (hour - int(hour)) * 100"),
    Fault("isodate/isotzinfo.py", "FixedOffset(tzsign * tzhour, tzsign", "FixedOffset(tzhour, tzsign"),
    Fault("isodate/isodates.py", "timedelta(days=int(groups['day']) - 1)", "timedelta(days=int(groups['day']))"),
    Fault("isodate/duration.py", "years=self.years * other,", "years=other * 2,"),
    Fault("isodate/isoduration.py", "ret = timedelta(0) - ret", "ret = timedelta(0) + ret"),
    Fault("isodate/duration.py", "newyear = other.year - self.years + carry", "newyear = other.year - self.years"),
    Fault("isodate/isodates.py", "days=-isotuple[2] + days)", "days=days)"),
    Fault("isodate/duration.py", "mod = a - div * b", "mod = a - div"),
    Fault("isodate/duration.py", "newyear = other.year + self.years + carry", "newyear = other.year + carry"),
)


def put_into(workspace: Path, faults: List[Fault]) -> None:
    """As a repository with one commit."""
    sources = tarfile.open(fileobj=io.BytesIO(_content("isodate-0.6.1.tar.gz")))
    for member in sources.getmembers():
        way = Path(member.name).parts
        if member.isfile() and way[1:2] == ("src",) and way[2] == "isodate":
            place = workspace.joinpath(*way[2:])
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(sources.extractfile(member).read())
    with zipfile.ZipFile(io.BytesIO(_content("six-1.17.0-py2.py3-none-any.whl"))) as wheel:
        wheel.extract("six.py", workspace / "lib")
    (workspace / "check.py").write_text(CHECK)
    (workspace / "AGENTS.md").write_text("Run the tests with: python3 check.py\n")
    (workspace / ".gitignore").write_text("__pycache__/\n")
    for fault in faults:
        path = workspace / fault.path
        text = path.read_text()
        assert text.count(fault.right) == 1, fault
        text = text.replace(fault.right, fault.wrong)
        assert text.count(fault.wrong) == 1, fault
        path.write_text(text)
    for arguments in (["init", "-q", "-b", "main"], ["add", "."], ["commit", "-q", "-m", "The package"]):
        subprocess.run(
            ["git", "-c", "user.name=a", "-c", "user.email=a@b", *arguments], cwd=workspace, check=True, capture_output=True)


def failing(workspace: Path) -> str:
    """What the package's own tests say, without the agent."""
    done = subprocess.run([sys.executable, "-B", "check.py"], cwd=workspace, check=True, capture_output=True, text=True)
    return done.stdout.splitlines()[0]


def _content(name: str) -> bytes:
    file = _FOLDER / name
    if not file.is_file():
        _download(name)
    data = file.read_bytes()
    assert hashlib.sha256(data).hexdigest() == _FILES[name], name
    return data


def _download(name: str) -> None:
    package, version = name.split("-")[:2]
    binary = ["--only-binary", ":all:"] if name.endswith(".whl") else ["--no-binary", package]
    _FOLDER.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=_FOLDER) as place:
        subprocess.run(
            [sys.executable, "-m", "pip", "--disable-pip-version-check", "download", "--quiet", "--no-deps", *binary,
             "--dest", place, f"{package}=={version.replace('.tar.gz', '')}"],
            check=True, capture_output=True, timeout=600)
        shutil.move(str(Path(place) / name), str(_FOLDER / name))
