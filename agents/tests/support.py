"""Where the code under test is, and the two halves of the world around an agent process."""

from __future__ import annotations

import asyncio
import copy
import json
import os
import shutil
import struct
import sys
import tempfile
import unittest
from pathlib import Path
from typing import Any, Callable, Dict, List, Optional

AGENTS = Path(__file__).resolve().parent.parent
SDK = AGENTS / "sdk" / "python"
FIXTURE = Path(__file__).resolve().parent / "fixture_agent.py"
ECHO = AGENTS / "echo" / "main.py"
CODING_AGENT = AGENTS / "coding-agent" / "main.py"
TIMEOUT = 60.0

for folder in (SDK, AGENTS / "coding-agent"):
    if str(folder) not in sys.path:
        sys.path.insert(0, str(folder))


class Coordinator:
    """Starts an agent by the documented environment and speaks the protocol with it."""

    def __init__(self, entry: Path, folder: Path):
        self.entry = entry
        self.folder = folder
        self.workspace = folder / "workspace"
        self.workspace.mkdir(exist_ok=True)
        self.frames: List[dict] = []
        self.end_of_stream = False
        self.raw = b""
        self.variables: Dict[str, str] = {}
        self._changed = asyncio.Condition()
        self.messages = 0

    async def start(self, config: Optional[dict] = None, state: Optional[dict] = None) -> "Coordinator":
        self._initial = state
        path = str(self.folder / "ipc.sock")
        Path(path).unlink(missing_ok=True)
        connected: "asyncio.Future[Any]" = asyncio.get_running_loop().create_future()
        self.server = await asyncio.start_unix_server(lambda r, w: connected.set_result((r, w)), path)
        with open(self.folder / "agent.log", "wb") as log:
            self.process = await asyncio.create_subprocess_exec(
                sys.executable, str(self.entry), cwd=str(self.workspace), env=self._environment(path),
                stdout=asyncio.subprocess.DEVNULL, stderr=log, start_new_session=True)
        self.reader, self.writer = await asyncio.wait_for(connected, TIMEOUT)
        self._pump = asyncio.ensure_future(self._read())
        self.send({
            "type": "init", "agent_id": "agent_1", "agent_type": "test", "workspace": str(self.workspace),
            "config": config or {}, "state": state})
        return self

    def _environment(self, path: str) -> Dict[str, str]:
        return {
            "CONCERT_IPC_SOCKET": path,
            "AGENT_WORKSPACE": str(self.workspace),
            "CONCERT_AGENT_TYPE": "test",
            "PATH": os.environ["PATH"],
            "HOME": str(self.folder),
            "LANG": "C.UTF-8",
            "TMPDIR": str(self.folder),
            "PYTHONPATH": str(SDK),
            "PYTHONDONTWRITEBYTECODE": "1",
            **self.variables,
        }

    async def _read(self) -> None:
        try:
            while True:
                header = await self.reader.readexactly(4)
                body = await self.reader.readexactly(struct.unpack("<I", header)[0])
                self.raw = header + body
                await self._add(json.loads(body))
        except (asyncio.IncompleteReadError, OSError, ValueError) as error:
            self.raw = getattr(error, "partial", None) or self.raw
        async with self._changed:
            self.end_of_stream = True
            self._changed.notify_all()

    async def _add(self, frame: dict) -> None:
        async with self._changed:
            self.frames.append(frame)
            self._changed.notify_all()

    async def until(self, condition: Callable[[], Any]) -> Any:
        async def wait() -> Any:
            async with self._changed:
                await self._changed.wait_for(lambda: condition() or self.end_of_stream)
                return condition()
        try:
            result = await asyncio.wait_for(wait(), TIMEOUT)
        except asyncio.TimeoutError:
            raise AssertionError(f"it did not happen; the agent sent {self.frames[-20:]}; {self.log()}")
        if not result:
            raise AssertionError(f"the agent left first; it had sent {self.frames[-20:]}; {self.log()}")
        return result

    def log(self) -> str:
        return (self.folder / "agent.log").read_text(errors="replace")

    def send(self, frame: dict) -> None:
        payload = json.dumps(frame).encode()
        self.writer.write(struct.pack("<I", len(payload)) + payload)

    def ask(self, text: str, **fields: Any) -> str:
        """Sends a message and does not wait; answers with its id."""
        self.messages += 1
        message_id = f"msg_{self.messages}"
        self.send({
            "type": "message", "id": message_id, "data": {"text": text, "role": "user", "attachments": []},
            "origin": {"tenant_id": "t", "role": "owner", "channel": "web"}, **fields})
        return message_id

    async def turn(self, text: str, **fields: Any) -> dict:
        return await self.completion(self.ask(text, **fields))

    async def completion(self, message_id: str) -> dict:
        return await self.until(lambda: next(
            (f for f in self.frames if f["type"] == "complete" and f["message_id"] == message_id), None))

    async def frame(self, kind: str) -> dict:
        return await self.until(lambda: next((f for f in self.frames if f["type"] == kind), None))

    async def element(self, kind: str, number: int = 1) -> dict:
        """The first such element, or the one with that number."""
        return await self.until(lambda: (self.elements(kind)[number - 1:number] or [None])[0])

    def elements(self, *kinds: str) -> List[dict]:
        found = [f["element"] for f in self.frames if f["type"] == "stream_update"]
        return [e for e in found if not kinds or e["type"] in kinds]

    def kinds(self) -> List[str]:
        return [e["type"] for e in self.elements()]

    def state(self) -> Optional[dict]:
        """What the coordinator has kept of the agent: its deltas, applied to what it was started with."""
        document = copy.deepcopy(self._initial)
        for frame in self.frames:
            for delta in frame["deltas"] if frame["type"] == "state_delta" else []:
                document = _patched(document, delta)
        # By way of a file, as in the coordinator.
        return json.loads(json.dumps(document))

    def text(self) -> str:
        return "".join(e["text"] for e in self.elements("text_delta"))

    async def answer(self, kind: str, number: int = 1, **fields: Any) -> dict:
        element = await self.element(kind, number)
        self.send({"type": "answer", "question_id": element["question_id"], **fields})
        return element

    async def exit_code(self) -> int:
        return await asyncio.wait_for(self.process.wait(), TIMEOUT)

    async def stop(self) -> None:
        self.writer.close()
        self.server.close()
        try:
            await asyncio.wait_for(self.process.wait(), 1)
        except asyncio.TimeoutError:
            await self._kill()
        await asyncio.wait({self._pump})

    async def _kill(self) -> None:
        try:
            self.process.kill()
        except ProcessLookupError:
            # It ended while the timeout ran out.
            pass
        await self.process.wait()


class AgentTest(unittest.IsolatedAsyncioTestCase):
    async def asyncSetUp(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="agents-"))
        self.addCleanup(shutil.rmtree, self.folder, True)
        self.workspace = self.folder / "workspace"
        self.workspace.mkdir()
        # What the agent's environment has besides the usual.
        self.variables: Dict[str, str] = {}

    async def start(self, entry: Path, config: Optional[dict] = None, state: Optional[dict] = None) -> Coordinator:
        coordinator = Coordinator(entry, self.folder)
        coordinator.variables = self.variables
        await coordinator.start(config, state)
        self.addAsyncCleanup(coordinator.stop)
        return coordinator


async def eventually(condition: Callable[[], bool], what: str) -> None:
    """For what happens in another process, where there is nothing to be awaited."""
    for _ in range(int(TIMEOUT / 0.01)):
        if condition():
            return
        await asyncio.sleep(0.01)
    raise AssertionError(f"it did not happen: {what}")


def is_running(pid: int) -> bool:
    """A zombie has ended; only its parent has not looked yet."""
    try:
        with open(f"/proc/{pid}/stat", "rb") as stat:
            return stat.read().rpartition(b")")[2].split()[0] != b"Z"
    except OSError:
        return False


def _patched(document: Any, delta: dict) -> Any:
    if delta["path"] == "":
        return copy.deepcopy(delta["value"])
    *way, last = [part.replace("~1", "/").replace("~0", "~") for part in delta["path"].split("/")[1:]]
    place = document
    for part in way:
        place = place[int(part)] if isinstance(place, list) else place[part]
    if isinstance(place, list):
        index = len(place) if last == "-" else int(last)
        place[index:index + (0 if delta["op"] == "add" else 1)] = \
            [] if delta["op"] == "remove" else [copy.deepcopy(delta["value"])]
    elif delta["op"] == "remove":
        place.pop(last, None)
    else:
        place[last] = copy.deepcopy(delta["value"])
    return document
