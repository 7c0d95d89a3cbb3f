"""web_fetch: by the proxy of the environment, with the user's permission for each host."""

import threading
import unittest
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from coding_agent_test import CodingAgentTest
from scripted_ensemble import call, text

from coding.tools.web_fetch import text_of


class Proxy:
    """An egress proxy that knows one page and one rule."""

    def __init__(self) -> None:
        self.asked = []
        proxy = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                proxy.asked.append(self.path)
                answer = {
                    "http://docs.test/a": (200, "text/html", "<p>Hello <b>you</b></p><script>x()</script>"),
                    "http://docs.test/moved": (302, "text/plain", ""),
                }.get(self.path, (403, "text/plain", "The policy does not allow evil.test."))
                self.send_response(answer[0])
                self.send_header("Content-Type", answer[1])
                if answer[0] == 302:
                    self.send_header("Location", "http://evil.test/b")
                self.end_headers()
                self.wfile.write(answer[2].encode())

            def log_message(self, *args) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True).start()
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()


class WebFetchTest(CodingAgentTest):
    async def test_a_page_comes_as_text_by_the_proxy_and_each_host_is_asked_for(self):
        proxy = Proxy()
        self.addCleanup(proxy.close)
        self.variables = {"http_proxy": proxy.url, "no_proxy": "127.0.0.1"}
        self.ensemble.says(*(call(f"c{n}", "web_fetch", {"url": url}) for n, url in enumerate((
            "http://docs.test/a", "http://docs.test/moved", "http://evil.test/b", "file:///etc/passwd")))).says(text("ok"))
        agent = await self.agent()
        message_id = agent.ask("go")
        await agent.answer("permission", 1, approved=True, remember="session")
        await agent.answer("permission", 2, approved=True, remember="once")
        await agent.completion(message_id)
        self.assertEqual([e["reason"] for e in agent.elements("permission")],
                         ["It asks docs.test for a page.", "It asks evil.test for a page."])
        self.assertEqual(self.told()[:2], ["Hello you", "The page is at http://evil.test/b now."])
        self.assertIn("HTTP 403. The policy does not allow evil.test.", self.told()[2])
        self.assertIn("http:// or https://", self.told()[3])
        self.assertEqual(proxy.asked, ["http://docs.test/a", "http://docs.test/moved", "http://evil.test/b"])


class PageTextTest(unittest.TestCase):
    def test_a_page_is_its_text_without_scripts(self):
        self.assertEqual(text_of("<h1>A</h1><style>p{}</style><ul><li>b &amp; c<li>d</ul>"), "A\nb & c\nd")
