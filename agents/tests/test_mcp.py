"""Servers of the Model Context Protocol: npm's reference servers, over stdio and HTTP, by the kept library."""

import asyncio
import json
import os
import socket
from typing import Any, List

import mcp_reference_servers as reference
from coding_agent_test import CodingAgentTest
from scripted_ensemble import call, text
from support import TIMEOUT, Coordinator, eventually, is_running


class McpTest(CodingAgentTest):
    @classmethod
    def setUpClass(cls) -> None:
        reference.install_libraries()

    async def asyncSetUp(self) -> None:
        await super().asyncSetUp()
        self.variables["PATH"] = os.environ["PATH"]

    def stdio(self, name: str, *arguments: str) -> dict:
        program, *first = reference.command(name)
        return {"command": program, "args": [*first, *arguments]}

    def tools(self, request: int = -1) -> List[str]:
        return [tool["name"] for tool in self.ensemble.requests[request]["tools"]]

    def project_names(self, **servers: Any) -> None:
        (self.workspace / ".mcp.json").write_text(json.dumps({"mcpServers": servers}))

    async def with_servers(self, **servers: Any) -> Coordinator:
        return await self.agent(mcp_servers=servers)

    async def test_a_configured_server_is_called_after_the_user_has_allowed_its_tool(self):
        self.ensemble.says(call("c1", "mcp__everything__echo", {"message": "hello"})).says(
            call("c2", "mcp__everything__echo", {"message": "again"})).says(text("done"))
        agent = await self.with_servers(everything=self.stdio("everything"))
        turn = agent.ask("go")
        asked = await agent.answer("permission", approved=True, remember="session")
        self.assertEqual(asked["reason"], "It calls echo of the MCP server everything.")
        await agent.completion(turn)
        self.assertEqual(self.told(), ["Echo: hello", "Echo: again"])
        self.assertEqual(len(agent.elements("permission")), 1)

    async def test_what_is_not_allowed_is_not_called(self):
        self.ensemble.says(call("c1", "mcp__everything__echo", {"message": "hello"})).says(text("done"))
        agent = await self.with_servers(everything=self.stdio("everything"))
        turn = agent.ask("go")
        await agent.answer("permission", approved=False)
        await agent.completion(turn)
        self.assertIn("did not permit", self.told()[0])

    async def test_rules_hold_for_one_tool_and_for_all_of_a_server(self):
        self.ensemble.says(
            call("c1", "mcp__everything__echo", {"message": "a"}),
            call("c2", "mcp__everything__get-sum", {"a": 2, "b": 3})).says(text("done"))
        agent = await self.agent(
            mcp_servers={"everything": self.stdio("everything")},
            permissions={"allow": ["tool:mcp__everything__*"], "deny": ["tool:mcp__everything__get-sum"]})
        await agent.turn("go")
        echoed, summed = self.told()
        self.assertEqual(echoed, "Echo: a")
        self.assertIn("did not permit", summed)

    async def test_the_filesystem_server_works_on_the_workspace_and_a_bad_call_is_an_error(self):
        (self.workspace / "a.txt").write_text("from the server")
        self.ensemble.says(
            call("c1", "mcp__files__read_text_file", {"path": str(self.workspace.resolve() / "a.txt")}),
            call("c2", "mcp__files__read_text_file", {"path": "/etc/passwd"}),
            call("c3", "mcp__files__read_text_file", {})).says(text("done"))
        agent = await self.agent(
            mcp_servers={"files": self.stdio("filesystem", str(self.workspace.resolve()))}, permission_mode="all")
        await agent.turn("go")
        read, outside, incomplete = self.told()
        self.assertEqual(read, "from the server")
        self.assertIn("denied", outside)
        self.assertIn("path", incomplete)
        self.assertEqual([e["code"] for e in agent.elements("tool_error")], ["MCP_TOOL_FAILED"] * 2)

    async def test_a_picture_of_a_tool_is_shown_to_a_model_that_sees(self):
        self.ensemble.serves("demo", 200_000, 8192, images=True)
        self.ensemble.says(call("c1", "mcp__everything__get-tiny-image", {})).says(text("done"))
        agent = await self.agent(mcp_servers={"everything": self.stdio("everything")}, permission_mode="all")
        await agent.turn("go")
        result = next(m for m in self.ensemble.requests[-1]["messages"] if m["role"] == "tool")
        self.assertIn("image", [block["type"] for block in result["content_blocks"]])

    async def test_the_project_is_asked_for_once_for_each_content_of_its_file(self):
        self.project_names(everything=self.stdio("everything"))
        self.ensemble.says(text("a")).says(text("b")).says(text("c")).says(text("d"))
        agent = await self.agent()
        turn = agent.ask("one")
        asked = await agent.answer("permission", approved=True)
        self.assertIn("everything", asked["reason"])
        await agent.completion(turn)
        self.assertIn("mcp__everything__echo", self.tools())
        await agent.turn("two")
        agent = await self.restarted(agent)
        await agent.turn("three")
        self.assertEqual(self.tools(0), self.tools(2))
        self.assertEqual(agent.elements("permission"), [])
        self.project_names(everything=self.stdio("everything"), other={"command": "true"})
        turn = agent.ask("four")
        await agent.answer("permission", approved=False)
        await agent.completion(turn)
        self.assertNotIn("mcp__everything__echo", self.tools())

    async def test_servers_that_were_refused_do_not_start_and_are_not_asked_for_again(self):
        self.project_names(bad={"command": "sh", "args": ["-c", f"touch {self.folder}/ran"]})
        self.ensemble.says(text("a")).says(text("b"))
        agent = await self.agent()
        turn = agent.ask("one")
        await agent.answer("permission", approved=False)
        await agent.completion(turn)
        await agent.turn("two")
        self.assertEqual(len(agent.elements("permission")), 1)
        self.assertFalse((self.folder / "ran").exists())

    async def test_a_project_does_not_replace_a_configured_server(self):
        self.project_names(everything={"command": "sh", "args": ["-c", f"touch {self.folder}/ran"]})
        self.ensemble.says(text("a"))
        agent = await self.agent(mcp_servers={"everything": self.stdio("everything")}, permission_mode="all")
        await agent.turn("go")
        self.assertIn("mcp__everything__echo", self.tools())
        self.assertFalse((self.folder / "ran").exists())

    async def test_a_server_that_does_not_start_is_named_once_and_the_turn_goes_on(self):
        self.ensemble.says(text("a")).says(text("b"))
        agent = await self.with_servers(
            gone={"command": "no-such-program"}, dies={"command": "false"}, odd={"type": "pigeon", "url": "http://x"})
        await agent.turn("one")
        for sentence in (
                "The MCP server gone is left out: the program no-such-program is not there.",
                "The MCP server dies is left out: ", "odd: the type of a server with a url is http or sse"):
            self.assertIn(sentence, agent.text())
        said = agent.text()
        await agent.turn("two")
        self.assertEqual(agent.text(), said + "b")

    async def test_a_server_that_was_killed_starts_again(self):
        self.ensemble.says(call("c1", "mcp__everything__echo", {"message": "one"})).says(text("done"))
        agent = await self.agent(mcp_servers={"everything": self.stdio("everything")}, permission_mode="all")
        await agent.turn("go")
        server = self.child_of(agent)
        os.kill(server, 9)
        await eventually(lambda: not is_running(server), "the server ends")
        self.ensemble.says(call("c2", "mcp__everything__echo", {"message": "two"})).says(
            call("c3", "mcp__everything__echo", {"message": "three"})).says(text("done"))
        await agent.turn("go on")
        self.assertEqual(self.told()[-1], "Echo: three")

    async def test_a_server_ends_with_the_agent(self):
        self.ensemble.says(text("a"))
        agent = await self.with_servers(everything=self.stdio("everything"))
        await agent.turn("go")
        server = self.child_of(agent)
        agent.send({"type": "shutdown", "reason": "idle"})
        self.assertEqual(await agent.exit_code(), 0)
        await eventually(lambda: not is_running(server), "the server ends")

    async def test_a_server_over_http_is_asked_through_the_proxy_of_the_environment(self):
        port, proxied = await self.http_server(), []

        async def pipe(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            while data := await reader.read(65536):
                writer.write(data)
                await writer.drain()
            writer.close()

        async def proxy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            head = await reader.readuntil(b"\r\n\r\n")
            proxied.append(head.split(b"\r\n")[0].decode())
            server_reader, server_writer = await asyncio.open_connection("127.0.0.1", port)
            method, url, version = head.split(b"\r\n")[0].split(b" ")
            path = b"/" + url.split(b"/", 3)[3]
            server_writer.write(b" ".join((method, path, version)) + head[head.index(b"\r\n"):])
            await asyncio.gather(pipe(reader, server_writer), pipe(server_reader, writer), return_exceptions=True)

        gate = await asyncio.start_server(proxy, "127.0.0.1", 0)
        self.addCleanup(gate.close)
        self.variables["http_proxy"] = f"http://127.0.0.1:{gate.sockets[0].getsockname()[1]}"
        self.variables["no_proxy"] = "127.0.0.1"
        self.ensemble.says(call("c1", "mcp__web__echo", {"message": "far"})).says(text("done"))
        agent = await self.agent(mcp_servers={
            "web": {"type": "http", "url": "http://mcp.example/mcp", "headers": {"X-Key": "k"}}}, permission_mode="all")
        await agent.turn("go")
        self.assertEqual(self.told(), ["Echo: far"])
        self.assertIn("POST http://mcp.example/mcp HTTP/1.1", proxied)

    def child_of(self, agent: Coordinator) -> int:
        with open(f"/proc/{agent.process.pid}/task/{agent.process.pid}/children") as children:
            return int(children.read().split()[0])

    async def http_server(self) -> int:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        process = await asyncio.create_subprocess_exec(
            *reference.command("everything"), "streamableHttp", env={**os.environ, "PORT": str(port)},
            stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.PIPE)

        async def end() -> None:
            process.kill()
            await process.wait()
        self.addAsyncCleanup(end)
        await asyncio.wait_for(self.until_it_listens(port), TIMEOUT)
        return port

    async def until_it_listens(self, port: int) -> None:
        while True:
            try:
                _, writer = await asyncio.open_connection("127.0.0.1", port)
                writer.close()
                return
            except OSError:
                await asyncio.sleep(0.02)
