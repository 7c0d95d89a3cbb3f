package dev.concert.bridges.slack;

import static org.assertj.core.api.Assertions.assertThat;

import dev.concert.bridges.vendor.VendorClient;
import dev.concert.testing.chat.FakeSlack;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.Test;

/** Slack's own client, from npm and unmodified, takes the played Slack for the real one. */
class SlackWitnessTest {
  @Test
  void slacksOwnClientWorksWithThePlayedSlackAndUnderstandsItsRefusals() throws Exception {
    try (FakeSlack slack = new FakeSlack()) {
      slack.fail("conversations.history", FakeSlack.Fault.RATE_LIMITED);
      JsonObject seen;
      try (VendorClient client =
          VendorClient.start("slack.mjs", slack.api().toString(), FakeSlack.TOKEN)) {
        seen = client.seen();
      }
      assertThat(seen)
          .isEqualTo(
              new JsonObject()
                  .put("team", FakeSlack.TEAM)
                  .put("user", FakeSlack.BOT)
                  .put("text", "changed")
                  .put("key", "k1")
                  .put("count", 1)
                  .put("streamed", "one two")
                  .put("task", "complete")
                  .put("conflict", "slack_webapi_platform_error streaming_state_conflict")
                  .put("ended", "slack_webapi_platform_error message_not_in_streaming_state")
                  .put("mode", "slack_webapi_platform_error streaming_mode_mismatch")
                  .put("recipient", "slack_webapi_platform_error missing_recipient_team_id")
                  .put("tooMuch", "slack_webapi_platform_error msg_too_long")
                  .put("tooLong", "slack_webapi_platform_error msg_too_long")
                  .put("gone", "slack_webapi_platform_error channel_not_found")
                  .put("missing", "slack_webapi_platform_error message_not_found")
                  .put("token", "slack_webapi_platform_error invalid_auth")
                  .put("limited", "slack_webapi_rate_limited_error 1"));
    }
  }
}
