package dev.concert.bridges.teams;

import static org.assertj.core.api.Assertions.assertThat;

import dev.concert.bridges.vendor.VendorClient;
import dev.concert.testing.chat.FakeTeams;
import dev.concert.testing.chat.TeamsActivities;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.Test;

/**
 * {@code botframework-connector}, from npm and unmodified, takes the played Teams for the real one.
 */
class TeamsWitnessTest {
  @Test
  void microsoftsOwnClientWorksWithThePlayedTeamsAndBelievesItsTokens() throws Exception {
    try (FakeTeams teams = new FakeTeams()) {
      JsonObject activity = TeamsActivities.message(1, "1", "a:1", "anne", "hello", false);
      JsonObject claims = teams.claims(1, activity.getString("serviceUrl"));
      String forged = teams.authorization(claims.copy().put("aud", "another"));
      JsonObject seen;
      try (VendorClient client =
          VendorClient.start(
              "teams.mjs",
              teams.login().toString(),
              teams.openId().toString(),
              teams.service().toString(),
              FakeTeams.tenant(1),
              FakeTeams.app(1),
              FakeTeams.password(1),
              teams.authorization(claims),
              activity.encode(),
              forged)) {
        seen = client.seen();
      }
      assertThat(seen)
          .isEqualTo(
              new JsonObject()
                  .put("same", true)
                  .put("missing", "404 ActivityNotFoundInConversation")
                  .put("gone", "404 ConversationNotFound")
                  .put("tooBig", "413 MessageSizeTooBig")
                  .put("unauthorized", "401 Authorization has been denied for this request.")
                  .put("secret", "401 invalid_client")
                  .put("audience", FakeTeams.app(1))
                  .put("forged", true));
      assertThat(teams.messages()).extracting(FakeTeams.Message::text).containsExactly("changed");
    }
  }
}
