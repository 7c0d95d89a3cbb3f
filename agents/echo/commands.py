"""What `!name …` does: each command puts the platform into one situation that its tests need."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from typing import Awaitable, Callable, Dict

import misbehaviour
from podium.agent import AgentContext

Command = Callable[[AgentContext, str], Awaitable[None]]


async def say(ctx: AgentContext, text: str) -> None:
    await (await ctx.send_message(text)).finish()


async def think(ctx: AgentContext, text: str) -> None:
    await ctx.thinking_start()
    await ctx.thinking(text)
    await ctx.thinking_complete()
    await say(ctx, text)


async def ask(ctx: AgentContext, text: str) -> None:
    answers = await ctx.ask([{"key": "answer", "prompt": text, "kind": "text", "options": []}])
    await say(ctx, "dismissed" if answers is None else f"answer: {answers.get('answer')}")


async def secret(ctx: AgentContext, text: str) -> None:
    answers = await ctx.ask([{"key": "answer", "prompt": text, "kind": "secret", "options": []}])
    value = None if answers is None else answers.get("answer")
    # A careless agent: that its log does not have the answer is what a test wants to see.
    print(f"echo received {value}", file=sys.stderr, flush=True)
    await say(ctx, f"a secret of {len(value or '')} characters")


async def permit(ctx: AgentContext, text: str) -> None:
    arguments = {"text": text}
    await ctx.tool_call_start("call_permit", "permit")
    await ctx.tool_call("call_permit", "permit", arguments)
    permission = await ctx.ask_permission("call_permit", "permit", arguments, "the message asks for a permission")
    if permission.approved:
        await ctx.tool_result("call_permit", "approved")
        await say(ctx, f"approved {permission.remember}")
    else:
        await ctx.tool_error("call_permit", "PERMISSION_DENIED", "The user said no.")
        await say(ctx, "dismissed" if permission.dismissed else "denied")


async def write(ctx: AgentContext, rest: str) -> None:
    path, _, text = rest.partition(" ")
    await ctx.tool_call_start("call_write", "write_file")
    await ctx.tool_call("call_write", "write_file", {"path": path, "content": text})
    # Not confined on purpose: that the sandbox keeps it in is what a test wants to see.
    target = os.path.join(ctx.workspace, path)
    try:
        os.makedirs(os.path.dirname(target), exist_ok=True)
        with open(target, "w", encoding="utf-8") as file:
            file.write(text)
    except OSError as error:
        await ctx.tool_error("call_write", "IO_ERROR", error.strerror or "I/O error")
        await say(ctx, f"not written: {error.strerror}")
        return
    await ctx.tool_result("call_write", f"wrote {path}")
    await say(ctx, f"wrote {path}")


async def read(ctx: AgentContext, path: str) -> None:
    try:
        with open(os.path.join(ctx.workspace, path), encoding="utf-8", errors="replace") as file:
            await say(ctx, file.read())
    except OSError as error:
        await say(ctx, f"not read: {error.strerror}")


async def run(ctx: AgentContext, script: str) -> None:
    process = await asyncio.create_subprocess_exec(
        "/bin/sh", "-c", script, cwd=ctx.workspace,
        stdin=asyncio.subprocess.DEVNULL, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT)
    output, _ = await process.communicate()
    await say(ctx, f"exit {process.returncode}\n{output.decode('utf-8', 'replace')}")


async def sleep(ctx: AgentContext, seconds: str) -> None:
    reply = await ctx.send_message(f"sleeping {seconds} s")
    await asyncio.sleep(float(seconds))
    steers = "".join(f"; steered: {text}" for text in ctx.take_steers())
    await reply.stream_token(f"; awake{steers}", final=True)


async def steer(ctx: AgentContext, rest: str) -> None:
    reply = await ctx.send_message("waiting to be steered")
    while not ctx.has_steers():
        await asyncio.sleep(0.05)
    await reply.stream_token(f"; steered: {'; '.join(ctx.take_steers())}", final=True)


async def stream(ctx: AgentContext, count: str) -> None:
    reply = await ctx.send_message("")
    for number in range(int(count)):
        await reply.stream_token(f"{number} ")
    await reply.finish()


async def count(ctx: AgentContext, rest: str) -> None:
    ctx.state.count += 1
    await say(ctx, f"count {ctx.state.count}")


async def crash(ctx: AgentContext, rest: str) -> None:
    await ctx.send_message("about to crash")
    print("echo: crashing because it was told to", file=sys.stderr, flush=True)
    os._exit(3)


async def fail(ctx: AgentContext, rest: str) -> None:
    raise RuntimeError(rest or "the message asks for a failure")


async def env(ctx: AgentContext, rest: str) -> None:
    seen = {"environment": dict(os.environ), "directories": {}, "command_line": sys.argv}
    for place in ("/", os.environ.get("HOME", "/"), str(ctx.workspace), os.path.dirname(str(ctx.workspace))):
        try:
            seen["directories"][place] = sorted(os.listdir(place))
        except OSError as error:
            seen["directories"][place] = error.strerror
    await say(ctx, json.dumps(seen, indent=1))


COMMANDS: Dict[str, Command] = {
    "!think": think,
    "!ask": ask,
    "!secret": secret,
    "!permit": permit,
    "!write": write,
    "!read": read,
    "!run": run,
    "!sleep": sleep,
    "!steer": steer,
    "!stream": stream,
    "!count": count,
    "!crash": crash,
    "!fail": fail,
    "!env": env,
    "!garbage": misbehaviour.garbage,
    "!hugeframe": misbehaviour.huge_frame,
    "!hang": misbehaviour.hang,
    "!forkbomb": misbehaviour.fork_bomb,
}
