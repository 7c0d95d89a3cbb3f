package dev.concert.bridges.telegram;

import static org.assertj.core.api.Assertions.assertThat;

import dev.concert.bridges.vendor.VendorClient;
import dev.concert.testing.chat.FakeTelegram;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.Test;

/** {@code grammy}, from npm and unmodified, takes the played Telegram for the real one. */
class TelegramWitnessTest {
  @Test
  void aWellKnownClientWorksWithThePlayedTelegramAndUnderstandsItsRefusals() throws Exception {
    try (FakeTelegram telegram = new FakeTelegram()) {
      telegram.setWebhook(1);
      telegram.update(1, message(501, "one"));
      telegram.update(1, message(502, "two"));
      JsonObject seen;
      try (VendorClient client =
          VendorClient.start("telegram.mjs", telegram.api().toString(), FakeTelegram.token(1))) {
        client.await("LIMIT");
        telegram.fail(FakeTelegram.Fault.RATE_LIMITED);
        client.say("GO");
        seen = client.seen();
      }
      assertThat(seen)
          .isEqualTo(
              new JsonObject()
                  .put("user", FakeTelegram.name(1))
                  .put(
                      "webhook",
                      "409 Conflict: can't use getUpdates method while webhook is active; use"
                          + " deleteWebhook to delete the webhook first")
                  .put("texts", new JsonArray().add("one").add("two"))
                  .put("draft", true)
                  .put("group", "400 Bad Request: TEXTDRAFT_PEER_INVALID")
                  .put("number", "400 Bad Request: RANDOM_ID_INVALID")
                  .put("edited", true)
                  .put("same", "400 Bad Request: message is not modified")
                  .put("tooLong", "400 Bad Request: message is too long")
                  .put("missing", "400 Bad Request: message to edit not found")
                  .put("limited", "429 Too Many Requests: retry after 1")
                  .put("token", "401 Unauthorized"));
    }
  }

  private static JsonObject message(long id, String text) {
    return new JsonObject()
        .put("update_id", id)
        .put(
            "message",
            new JsonObject()
                .put("message_id", id)
                .put("date", 1_700_000_000)
                .put("from", new JsonObject().put("id", 7).put("is_bot", false))
                .put("chat", new JsonObject().put("id", 7).put("type", "private"))
                .put("text", text));
  }
}
