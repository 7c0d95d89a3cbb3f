package dev.concert.bridges.teams;

import static org.assertj.core.api.Assertions.assertThat;

import dev.concert.bridge.BridgeMessages.DeliverWebhook;
import dev.concert.bridges.http.ChatNetwork;
import dev.concert.bridges.platform.Account;
import dev.concert.bridges.platform.ChatConnection;
import dev.concert.bridges.platform.WebhookResult;
import dev.concert.foundation.proxy.OutboundProxies;
import dev.concert.foundation.rate.RateBudgets;
import dev.concert.testing.TestIssuer;
import dev.concert.testing.chat.FakeTeams;
import dev.concert.testing.chat.TeamsActivities;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which activities are believed. */
class ActivityTokenTest {
  private static final String SERVICE = "https://smba.trafficmanager.net/emea/";

  private final Vertx vertx = Vertx.vertx();
  private final FakeTeams teams = new FakeTeams();
  private volatile Instant now = Instant.now();
  private final TeamsPlatform platform =
      new TeamsPlatform(
          new ChatNetwork(vertx, OutboundProxies.NONE),
          new TeamsEndpoints(teams.login(), teams.openId(), teams.service(), teams.login()),
          new RateBudgets(vertx),
          () -> now);

  @AfterEach
  void close() {
    vertx.close().toCompletionStage().toCompletableFuture().join();
    teams.close();
  }

  private Future<WebhookResult> read(String authorization, JsonObject activity) {
    ChatConnection connection =
        new ChatConnection(
            "c1",
            "acme",
            "teams",
            "played",
            new Account(FakeTeams.tenant(1), "Teams", "28:" + FakeTeams.app(1)),
            Map.of(),
            Map.of("appId", FakeTeams.app(1), "appPassword", "p", "tenantId", FakeTeams.tenant(1)),
            0);
    DeliverWebhook webhook =
        new DeliverWebhook(
            "teams",
            "c1",
            Map.of("authorization", authorization),
            activity.encode().getBytes(StandardCharsets.UTF_8));
    Promise<WebhookResult> result = Promise.promise();
    vertx.runOnContext(
        _ ->
            ((WebhookResult.Later) platform.read(connection, webhook)).result().onComplete(result));
    return result.future();
  }

  private String verdict(String authorization, JsonObject activity) {
    WebhookResult result =
        read(authorization, activity).toCompletionStage().toCompletableFuture().join();
    return switch (result) {
      case WebhookResult.Forged forged -> forged.reason();
      case WebhookResult.Answer answer -> Integer.toString(answer.reply().status());
      case WebhookResult.Events events -> "taken";
      case WebhookResult.Later later -> "later";
    };
  }

  private static JsonObject activity() {
    return TeamsActivities.message(1, "1", "a:1", "anne", "hello", false);
  }

  private JsonObject claims() {
    return teams.claims(1, SERVICE);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          iss        | https://sts.windows.net/x/     | the token has another issuer
          aud        | another                        | the token is for another application
          serviceurl | https://smba.example.com/      | the token is for another service
          serviceurl | https://smba.trafficmanager.net/emea | taken
          exp        | -301                           | the token has expired
          exp        | -200                           | taken
          nbf        | 301                            | the token is of the future
          nbf        | 200                            | taken
          """)
  void aTokenSaysForWhomAndForWhenItIs(String claim, String value, String verdict) {
    JsonObject claims = claims();
    if (value.matches("-?\\d+")) {
      claims.put(claim, now.getEpochSecond() + Long.parseLong(value));
    } else {
      claims.put(claim, value);
    }
    assertThat(verdict(teams.authorization(claims), activity())).isEqualTo(verdict);
  }

  @Test
  void whatIsNotSignedByMicrosoftForTeamsIsNotBelieved() {
    String good = teams.authorization(claims());
    assertThat(verdict(good, activity())).isEqualTo("taken");
    assertThat(verdict("", activity())).isEqualTo("there is no token");
    assertThat(verdict("Bearer x", activity()))
        .isEqualTo("the token is not signed with RS256 and a named key");
    JsonObject none = new JsonObject().put("alg", "none").put("kid", "k");
    assertThat(verdict("Bearer " + TestIssuer.unsigned(none, claims()) + ".", activity()))
        .isEqualTo("the token is not signed with RS256 and a named key");
    String[] parts = good.split("\\.");
    String swapped = TestIssuer.unsigned(none, claims().put("aud", "x")).split("\\.")[1];
    assertThat(verdict(parts[0] + "." + swapped + "." + parts[2], activity()))
        .isEqualTo("the signature of the token is wrong");
    assertThat(verdict(good, activity().put("serviceUrl", "https://evil.example.com/")))
        .isEqualTo("the token is for another service");
    assertThat(verdict(good, activity().put("channelId", "emulator")))
        .isEqualTo("the key is not for Teams");
    JsonObject foreign = TeamsActivities.message(2, "1", "a:1", "anne", "hello", false);
    assertThat(verdict(good, foreign)).isEqualTo("403");
    now = now.plus(Duration.ofHours(2));
    assertThat(verdict(good, activity())).isEqualTo("the token has expired");
  }

  @Test
  void aKeyForAnotherChannelIsNoKeyForTeams() {
    teams.endorse("webchat");
    assertThat(verdict(teams.authorization(claims()), activity()))
        .isEqualTo("the key is not for Teams");
  }

  @Test
  void keysAreFetchedOnceAndAgainForOneThatIsNew() {
    for (int i = 0; i < 3; i++) {
      assertThat(verdict(teams.authorization(claims()), activity())).isEqualTo("taken");
    }
    assertThat(teams.keyRequests()).isEqualTo(1);
    teams.rotate(false);
    now = now.plusSeconds(31);
    String unknown = "the key of the token is not published";
    assertThat(verdict(teams.authorization(claims()), activity())).isEqualTo(unknown);
    assertThat(verdict(teams.authorization(claims()), activity())).isEqualTo(unknown);
    assertThat(teams.keyRequests()).isEqualTo(2);
    now = now.plusSeconds(31);
    teams.rotate(true);
    assertThat(verdict(teams.authorization(claims()), activity())).isEqualTo("taken");
  }

  @Test
  void whileTheKeysCannotBeHadThoseOfBeforeHoldAndNothingElseIsBelieved() {
    teams.keysFail(true);
    assertThat(
            read(teams.authorization(claims()), activity())
                .map("known")
                .otherwise("unknown")
                .toCompletionStage()
                .toCompletableFuture()
                .join())
        .isEqualTo("unknown");
    teams.keysFail(false);
    assertThat(verdict(teams.authorization(claims()), activity())).isEqualTo("taken");
    teams.keysFail(true);
    now = now.plus(Duration.ofHours(7));
    JsonObject later = claims().put("exp", now.getEpochSecond() + 100);
    assertThat(verdict(teams.authorization(later), activity())).isEqualTo("taken");
  }
}
