package dev.concert.bridges.discord;

import static org.assertj.core.api.Assertions.assertThat;

import dev.concert.bridges.vendor.VendorClient;
import dev.concert.testing.chat.DiscordEventsPlayed;
import dev.concert.testing.chat.FakeDiscord;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.Test;

/** {@code discord.js}, from npm and unmodified, takes the played Discord for the real one. */
class DiscordWitnessTest {
  @Test
  void theMostUsedClientWorksWithThePlayedDiscordResumesAndUnderstandsItsRefusals()
      throws Exception {
    try (FakeDiscord discord = new FakeDiscord();
        VendorClient client =
            VendorClient.start("discord.mjs", discord.api().toString(), FakeDiscord.token(1))) {
      client.await("READY");
      String token = "a-token-of-an-interaction";
      discord.expect(token, "2000001", "3000001");
      discord.dispatch(
          1,
          "INTERACTION_CREATE",
          DiscordEventsPlayed.command(1, discord.newId(), token, "2000001", "3000001", "status"));
      say(discord, "first");
      client.await("CUT");
      discord.cut(1, 4000);
      say(discord, "missed");
      assertThat(client.seen())
          .isEqualTo(
              new JsonObject()
                  .put("user", FakeDiscord.bot(1).getString("id"))
                  .put("events", new JsonArray().add("first").add("missed").add("resumed"))
                  .put("interaction", "concert")
                  .put("twice", "400 40060")
                  .put("sameMessage", true)
                  .put("edited", "changed")
                  .put("tooLong", "400 50035")
                  .put("unknown", "404 10008")
                  .put("thread", true)
                  .put("token", "undefined TokenInvalid"));
      assertThat(discord.messages())
          .extracting(FakeDiscord.Message::text)
          .contains("changed", "only you");
    }
  }

  private static void say(FakeDiscord discord, String text) {
    discord.dispatch(
        1,
        "MESSAGE_CREATE",
        DiscordEventsPlayed.message(discord.newId(), "2000001", "3000001", text));
  }
}
