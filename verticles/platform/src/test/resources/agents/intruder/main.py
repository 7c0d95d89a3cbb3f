"""Hides a mark of its own wherever it can, and looks for the mark of another agent wherever it can look.

Says what it found. It has to find its own mark by the same search: else the search would prove nothing.
"""
from __future__ import annotations

import asyncio
import ctypes
import json
import os
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request

from podium.agent import AgentContext, BaseAgent, run
from podium.agent.models.delta_state import DeltaState

LIBC = ctypes.CDLL(None, use_errno=True)
SKIPPED = ("/usr", "/lib", "/lib64", "/bin", "/sbin", "/proc", "/dev/pts", sys.base_prefix)
LARGEST = 1 << 20


def shared_key(mark):
    return int(mark[:7], 16) | 1


def hide(mark):
    """Leaves the mark in files, a process, shared memory, an abstract socket and behind a port."""
    for folder in (".", "/tmp", "/dev/shm", os.environ["HOME"]):
        with open(os.path.join(folder, "mark.txt"), "w") as file:
            file.write(mark)
    subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)", mark], env={"MARK": mark})
    LIBC.shmget(shared_key(mark), 4096, 0o1000 | 0o666)
    for family, address in ((socket.AF_UNIX, "\0concert-" + mark), (socket.AF_INET, ("127.0.0.1", 0))):
        server = socket.socket(family)
        server.bind(address)
        server.listen(64)
        threading.Thread(target=greet, args=(server, mark), daemon=True).start()


def greet(server, mark):
    while True:
        peer, _ = server.accept()
        with peer:
            peer.sendall(mark.encode())


def holds(path, mark):
    try:
        with open(path, "rb") as file:
            return mark.encode() in file.read(LARGEST)
    except OSError:
        return False


def in_files(mark, roots):
    found = []
    for root in roots:
        for folder, folders, names in os.walk(root):
            folders[:] = [name for name in folders if os.path.join(folder, name) not in SKIPPED]
            paths = [os.path.join(folder, name) for name in names]
            found += [path for path in paths if os.path.isfile(path) and holds(path, mark)]
    return found


def in_processes(mark):
    return [f"/proc/{pid}/{name}" for pid in os.listdir("/proc") if pid.isdigit()
            for name in ("environ", "cmdline") if holds(f"/proc/{pid}/{name}", mark)]


def says(family, address, mark):
    with socket.socket(family) as peer:
        peer.settimeout(0.2)
        try:
            peer.connect(address)
            return mark.encode() in peer.recv(100)
        except OSError:
            return False


def in_sockets(mark):
    found = ["abstract"] if says(socket.AF_UNIX, "\0concert-" + mark, mark) else []
    with open("/proc/net/unix") as names:
        found += ["/proc/net/unix"] if mark in names.read() else []
    with open("/proc/net/tcp") as table:
        listening = [line.split()[1] for line in table if line.split()[3] == "0A"]
    ports = [int(address.split(":")[1], 16) for address in listening]
    return found + [f"port {port}" for port in ports if says(socket.AF_INET, ("127.0.0.1", port), mark)]


def in_shared_memory(mark):
    return ["shared memory"] if LIBC.shmget(shared_key(mark), 0, 0) >= 0 else []


def search(mark, roots):
    return in_files(mark, roots) + in_processes(mark) + in_sockets(mark) + in_shared_memory(mark)


def accepts(family, address):
    with socket.socket(family) as peer:
        peer.settimeout(1)
        try:
            peer.connect(address)
            return True
        except OSError:
            return False


def gateway(port):
    """Ways to the gateway that are open: by its addresses, and through the proxy."""
    addresses = [(socket.AF_INET, host) for host in ("127.0.0.1", "127.0.0.2", "0.0.0.0")]
    addresses += [(socket.AF_INET6, host) for host in ("::1", "::ffff:127.0.0.1")]
    found = [host for family, host in addresses if accepts(family, (host, port))]
    proxy = os.environ.get("HTTP_PROXY") or os.environ.get("http_proxy")
    if proxy:
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({"http": proxy}))
        for host in ("127.0.0.1", "localhost", "[::1]", "0x7f000001", "127.1", "[::ffff:127.0.0.1]"):
            try:
                answer = opener.open(f"http://{host}:{port}/health", timeout=10).read()
            except (OSError, urllib.error.URLError, ValueError):
                continue
            found += [f"{host} by the proxy"] if b"podium" in answer else []
    return found


def others_place(plan):
    return os.getcwd().replace(plan["session"], plan["otherSession"])


def write_to_other(plan):
    try:
        with open(os.path.join(others_place(plan), "mark.txt"), "w") as file:
            file.write("overwritten")
        return ["wrote to the other's workspace"]
    except OSError:
        return []


def intrude(plan):
    hide(plan["mark"])
    deadline = time.monotonic() + plan["seconds"]
    seen, rounds = set(), 0
    while not rounds or time.monotonic() < deadline:
        roots = ["/", others_place(plan)]
        seen.update(search(plan["otherMark"], roots), gateway(plan["port"]), write_to_other(plan))
        rounds += 1
    own = search(plan["mark"], ["/"])
    return {"seen": sorted(seen), "own": sorted(own), "rounds": rounds}


class Intruder(BaseAgent):
    class State(DeltaState):
        _version = 1
        _entity_type = "intruder"
        count: int = 0

    async def on_message(self, ctx: AgentContext, message: dict) -> None:
        found = await asyncio.to_thread(intrude, json.loads(message["text"]))
        reply = await ctx.send_message("")
        await reply.stream_token(json.dumps(found))
        await reply.finish()


if __name__ == "__main__":
    run(Intruder)
