"""An agent that does what its message says: the first word is what to do, the rest what with."""
import json
import os
import signal
import subprocess
import struct
import sys
import time

from raw_frames import Wire

wire = Wire()
init = wire.receive()
print("started", init["agent_id"])
wire.send({"type": "ready", "sdk": {"name": "raw", "version": "0"}})


def say(message, text):
    wire.element(message["id"], type="text_delta", text=text)


def finish(message, text=""):
    wire.complete(message["id"], text)


def echo(message, rest):
    for word in rest.split():
        say(message, word)
    finish(message, rest)


def everything(message, rest):
    update = lambda **element: wire.element(message["id"], **element)
    update(type="thinking_start")
    update(type="thinking", text="hm")
    update(type="thinking_complete", duration_ms=5)
    update(type="tool_call_start", tool_call_id="c1", tool_name="bash")
    update(type="tool_call_delta", tool_call_id="c1", arguments_delta="{}")
    update(type="tool_call", tool_call_id="c1", tool_name="bash", arguments={"command": "ls"})
    update(type="permission", question_id="q1", tool_call_id="c1", tool_name="bash",
           arguments={"command": "ls"}, reason="it runs a program")
    answer = wire.receive()
    say(message, json.dumps(answer, sort_keys=True))
    update(type="terminal_output", tool_call_id="c1", stream="stdout", text="a.txt\n")
    update(type="terminal_complete", tool_call_id="c1", exit_code=0, duration_ms=3)
    update(type="tool_result", tool_call_id="c1", output="a.txt", truncated=False, duration_ms=4)
    update(type="tool_error", tool_call_id="c2", code="NOPE", message="no")
    update(type="of_a_later_protocol", something=1)
    wire.send({"type": "of_a_later_protocol"})
    update(type="context_usage", used_tokens=10, max_tokens=100)
    update(type="code_block", language="python", text="x = 1")
    update(type="text_final", text="done")
    finish(message, "done")


def show_message(message, rest):
    say(message, json.dumps(message, sort_keys=True))
    finish(message)


def show_init(message, rest):
    shown = json.loads(json.dumps(init))
    shown["config"]["ensemble_api_key"] = "*" * len(init["config"]["ensemble_api_key"])
    say(message, json.dumps(shown, sort_keys=True))
    finish(message)


def die(message, rest):
    print("the last words")
    say(message, "before")
    if rest == "signal":
        os.kill(os.getpid(), signal.SIGSEGV)
    os._exit(int(rest or "3"))


def die_later(message, rest):
    finish(message)
    print("gone between two messages")
    os._exit(4)


def leak(message, rest):
    token = init["config"]["ensemble_api_key"]
    print("the token is", token, flush=True)
    sys.stdout.write("in two pieces: " + token[:5])
    sys.stdout.flush()
    time.sleep(0.05)
    sys.stdout.write(token[5:] + " end\n")
    sys.stdout.flush()
    wire.send({"type": "log", "level": "error", "message": "logged " + token, "module": "m",
               "timestamp": "2026-01-01T00:00:00Z"})
    say(message, "environ has it: %s" % any(token in v for v in os.environ.values()))
    say(message, "cmdline has it: %s" % (token in open("/proc/self/cmdline").read()))
    try:
        first = open("/proc/1/environ").read()
    except PermissionError:
        first = ""  # of another user
    say(message, "pid 1 has it: %s" % (token in first))
    say(message, "go on")
    wire.receive()
    os._exit(5)


def garbage(message, rest):
    say(message, "before")
    wire.raw(struct.pack("<I", 12) + b"this is junk")
    time.sleep(60)


def wrong_field(message, rest):
    say(message, "before")
    wire.send({"type": "stream_update", "message_id": message["id"],
               "element": {"type": "text_delta", "text": None}})
    time.sleep(60)


def length(message, rest):
    say(message, "before")
    wire.raw(struct.pack("<I", int(rest)))
    time.sleep(60)


def half_frame(message, rest):
    wire.raw(struct.pack("<I", 1000) + b"{")
    time.sleep(600)


def hang(message, rest):
    say(message, "hanging")
    while True:
        time.sleep(60)


def obey(message, rest):
    say(message, "working")
    while True:
        frame = wire.receive()
        if frame is None:
            return
        if frame["type"] == "steer":
            say(message, "steered " + frame["content"])
        if frame["type"] == "interrupt":
            wire.complete(message["id"], "so far", stop_reason="stopped")
            return


def fork_bomb(message, rest):
    say(message, "forking")
    while True:
        try:
            pid = os.fork()
        except OSError as error:
            if os.getpid() == first:
                say(message, "refused")
            time.sleep(1)


def flood(message, rest):
    for number in range(int(rest)):
        say(message, str(number) + " " + "x" * 100)
    finish(message, "flooded")


def large(message, rest):
    say(message, "y" * int(rest))
    finish(message, "large")


def remember(message, rest):
    wire.send({"type": "state_delta", "deltas": [
        {"op": "replace", "path": "/note", "value": rest},
        {"op": "add", "path": "/list", "value": []},
        {"op": "add", "path": "/list/-", "value": 1},
        {"op": "add", "path": "/list/-", "value": 2},
        {"op": "remove", "path": "/list/0"},
        {"op": "replace", "path": "/no/such/place", "value": 3}]})
    finish(message)


def write(message, rest):
    for name in rest.split():
        with open(os.path.join(os.environ["AGENT_WORKSPACE"], name), "w") as file:
            file.write("by the agent\n")
    finish(message, "written")


def shell(message, rest):
    done = subprocess.run(["/bin/sh", "-c", rest], capture_output=True, text=True)
    say(message, done.stdout + done.stderr)
    finish(message)


def environ(message, rest):
    say(message, json.dumps(dict(os.environ), sort_keys=True))
    finish(message)


def children(message, rest):
    subprocess.Popen(["sleep", "600"], start_new_session=True)
    subprocess.Popen(["sleep", "601"])
    say(message, "have children")
    time.sleep(600)


def eat(message, rest):
    """Memory: so many MiB, in this process."""
    say(message, "eating")
    held = []
    for _ in range(int(rest)):
        held.append(bytearray(os.urandom(1 << 20)))
    finish(message, "eaten")


def burn(message, rest):
    """Processor time: for so many seconds of the clock; says the share that it got."""
    start, used = time.monotonic(), time.process_time()
    while time.monotonic() - start < float(rest):
        pass
    say(message, "%.3f" % ((time.process_time() - used) / (time.monotonic() - start)))
    finish(message)


def open_files(message, rest):
    held = []
    try:
        while True:
            held.append(open("/dev/null"))
    except OSError as error:
        held.pop().close()
        say(message, "%d %s" % (len(held), os.strerror(error.errno)))
    finish(message)


def fill(message, rest):
    """Writes a file until it fails, says how large it became, removes it and writes one again."""
    path = os.path.join(rest, "filler")
    size = 0
    with open(path, "wb", buffering=0) as file:
        try:
            while size < 1 << 30:
                size += file.write(b"x" * (1 << 20))
        except OSError as error:
            say(message, "%s after %d MiB;" % (os.strerror(error.errno), size >> 20))
    os.remove(path)
    with open(path, "wb") as file:
        file.write(b"y" * (1 << 20))
    say(message, "room again")
    finish(message)


def background(message, rest):
    """Starts a program in a session of its own that outlives its shell, and works on."""
    subprocess.run(["/bin/sh", "-c", "setsid sleep %s >/dev/null 2>&1 & true" % (rest or "777")])
    say(message, "started")
    obey(message, rest)


def background_and_end(message, rest):
    subprocess.run(["/bin/sh", "-c", "setsid sleep %s >/dev/null 2>&1 & true" % rest])
    finish(message, "started")


def fail(message, rest):
    code, text = rest.split(" ", 1)
    wire.complete(message["id"], stop_reason="error",
                  error={"code": code, "message": text, "retryable": False})


def deaf(message, rest):
    finish(message)
    time.sleep(600)


first = os.getpid()
while True:
    frame = wire.receive()
    if frame is None or frame["type"] == "shutdown":
        sys.exit(0)
    if frame["type"] == "message":
        word, _, rest = frame["data"]["text"].partition(" ")
        globals()[word](frame, rest)
