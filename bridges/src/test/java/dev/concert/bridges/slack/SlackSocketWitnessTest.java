package dev.concert.bridges.slack;

import static org.assertj.core.api.Assertions.assertThat;

import dev.concert.bridges.vendor.VendorClient;
import dev.concert.testing.Await;
import dev.concert.testing.chat.FakeSlack;
import dev.concert.testing.chat.SlackWebhooks;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.Test;

/** {@code @slack/socket-mode}, from npm and unmodified, takes the played sockets for real ones. */
class SlackSocketWitnessTest {
  @Test
  void slacksOwnSocketClientHearsAcknowledgesAndConnectsAnew() throws Exception {
    try (FakeSlack slack = new FakeSlack();
        VendorClient client =
            VendorClient.start("slack-socket.mjs", slack.api().toString(), FakeSlack.appToken(1))) {
      client.await("CONNECTED");
      String first = say(slack, "first");
      client.await("HEARD first");
      slack.closeSockets(1, true);
      String second = say(slack, "second");
      assertThat(client.seen())
          .isEqualTo(new JsonObject().put("texts", new JsonArray().add("first").add("second")));
      Await.until("both", () -> slack.acknowledged().size() == 2);
      assertThat(slack.acknowledged()).containsExactly(first, second);
    }
  }

  private static String say(FakeSlack slack, String text) {
    JsonObject event = SlackWebhooks.message("D01", slack.newTime(), "", "U0ANNE", text);
    return slack.send(1, "events_api", SlackWebhooks.envelope("Ev", event));
  }
}
