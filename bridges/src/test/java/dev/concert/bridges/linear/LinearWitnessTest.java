package dev.concert.bridges.linear;

import static org.assertj.core.api.Assertions.assertThat;

import dev.concert.bridges.vendor.VendorClient;
import dev.concert.testing.chat.FakeLinear;
import dev.concert.testing.chat.LinearWebhooks;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.junit.jupiter.api.Test;

/** Linear's own client, from npm and unmodified, takes the played Linear for the real one. */
class LinearWitnessTest {
  @Test
  void linearsOwnClientWorksWithThePlayedLinearAndUnderstandsItsRefusals() throws Exception {
    try (FakeLinear linear = new FakeLinear()) {
      JsonObject session = LinearWebhooks.session(1, "session-1", "anne");
      linear.begin(session);
      byte[] webhook =
          LinearWebhooks.event(1, "created", session).encode().getBytes(StandardCharsets.UTF_8);
      JsonObject seen;
      try (VendorClient client =
          VendorClient.start(
              "linear.mjs",
              linear.api().toString(),
              FakeLinear.clientId(1),
              FakeLinear.CLIENT_SECRET,
              "session-1",
              FakeLinear.WEBHOOK_SECRET,
              Base64.getEncoder().encodeToString(webhook),
              LinearWebhooks.sign(webhook))) {
        client.await("LIMIT");
        linear.fail(FakeLinear.Fault.RATE_LIMITED);
        client.say("GO");
        seen = client.seen();
      }
      String id = "6f1f2a30-0000-4000-8000-000000000001";
      assertThat(seen)
          .isEqualTo(
              new JsonObject()
                  .put("viewer", FakeLinear.app(1))
                  .put("created", new JsonArray().add(true).add(id))
                  .put(
                      "again",
                      "InvalidInput: conflict on insert of AgentActivity: entity with that id"
                          + " already exists")
                  .put("found", id)
                  .put("asked", true)
                  .put("planned", true)
                  .put("file", new JsonArray().add("Grüß").add(401))
                  .put("lost", "InvalidInput: Entity not found: AgentSession")
                  .put("passing", "InvalidInput: Argument Validation Error")
                  .put(
                      "unknown",
                      "GraphqlError: Variable \"$input\" got invalid value; Field \"colour\" is not"
                          + " defined by type \"AgentActivityCreateInput\".")
                  .put("limited", "Ratelimited: Rate limit exceeded")
                  .put("token", "AuthenticationError: Authentication required, not authenticated")
                  .put("webhook", true));
      assertThat(linear.session("session-1").getJsonArray("plan")).hasSize(1);
    }
  }
}
