"""Pictures reach a model that can see."""

import base64

from coding_agent_test import CodingAgentTest
from scripted_ensemble import call, text

PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==")
BLOCK = {"type": "image", "source": {
    "type": "base64", "media_type": "image/png", "data": base64.b64encode(PNG).decode()}}


class PicturesTest(CodingAgentTest):
    def sees(self, images: bool = True) -> None:
        self.ensemble.serves("demo", 200_000, 8192, images=images)

    async def asks_with(self, agent, **attachment):
        await agent.turn("look", data={"text": "look", "role": "user", "attachments": [attachment]})
        return self.ensemble.requests[0]["messages"][1]

    async def test_an_attached_picture_is_shown(self):
        self.sees()
        self.ensemble.says()
        message = await self.asks_with(
            await self.agent(), name="b.png", media_type="image/png", data_base64=BLOCK["source"]["data"])
        self.assertEqual(message["content_blocks"][1], BLOCK)
        self.assertIn("[Attached picture b.png]", message["content_blocks"][0]["text"])

    async def test_a_picture_that_was_uploaded_is_shown_from_the_workspace(self):
        self.sees()
        self.ensemble.says()
        (self.workspace / "up.png").write_bytes(PNG)
        message = await self.asks_with(await self.agent(), name="up.png", media_type="image/png", path="up.png")
        self.assertEqual(message["content_blocks"][1], BLOCK)

    async def test_read_file_shows_a_picture_also_after_a_restart(self):
        self.sees()
        (self.workspace / "b.dat").write_bytes(PNG)
        self.ensemble.says(call("c1", "read_file", {"path": "b.dat"})).says(text("a pixel")).says(text("yes"))
        agent = await self.agent()
        await agent.turn("look")
        agent = await self.restarted(agent)
        await agent.turn("sure?")
        result = next(m for m in self.ensemble.requests[2]["messages"] if m["role"] == "tool")
        self.assertEqual(result["content_blocks"][1], BLOCK)
        self.assertTrue(self.begins_with_the_one_before(2))

    async def test_a_model_that_cannot_see_is_told_so(self):
        self.sees(False)
        (self.workspace / "b.png").write_bytes(PNG)
        self.ensemble.says(call("c1", "read_file", {"path": "b.png"})).says()
        agent = await self.agent()
        message = await self.asks_with(agent, name="c.png", media_type="image/png", data_base64="AAAA")
        self.assertIn("c.png of type image/png cannot be shown", message["content"])
        self.assertIn("cannot see pictures", self.told()[0])

    async def test_what_only_has_the_name_of_a_picture_is_none(self):
        self.sees()
        self.ensemble.says()
        message = await self.asks_with(await self.agent(), name="x.png", media_type="image/png", data_base64="AAAA")
        self.assertIn("cannot be shown", message["content"])
