package dev.concert.bridges.googlechat;

import static org.assertj.core.api.Assertions.assertThat;

import dev.concert.bridge.BridgeMessages.DeliverWebhook;
import dev.concert.bridges.http.ChatNetwork;
import dev.concert.bridges.platform.InboundEvent;
import dev.concert.bridges.platform.WebhookResult;
import dev.concert.foundation.proxy.OutboundProxies;
import dev.concert.foundation.rate.RateBudgets;
import dev.concert.testing.chat.FakeGoogleChat;
import dev.concert.testing.chat.GoogleChatEvents;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which events are believed. */
class GoogleChatTokenTest {
  private static final String ADDRESS = "https://your.host/webhooks/googlechat/c1";

  private final Vertx vertx = Vertx.vertx();
  private final FakeGoogleChat google = new FakeGoogleChat();
  private volatile Instant now = Instant.now();
  private final GoogleChatPlatform platform =
      new GoogleChatPlatform(
          new ChatNetwork(vertx, OutboundProxies.NONE),
          PlayedGoogle.endpoints(google),
          new RateBudgets(vertx),
          () -> now);

  @AfterEach
  void close() {
    vertx.close().toCompletionStage().toCompletableFuture().join();
    google.close();
  }

  private static JsonObject event() {
    return GoogleChatEvents.message("M1", "spaces/D1", "spaces/D1/threads/T", "anne", "hello");
  }

  private String verdict(JsonObject claims, JsonObject body) {
    return verdict(google.authorization(claims), body);
  }

  private String verdict(String authorization, JsonObject body) {
    DeliverWebhook webhook =
        new DeliverWebhook(
            "googlechat",
            "c1",
            Map.of("authorization", authorization),
            body.encode().getBytes(StandardCharsets.UTF_8));
    Promise<WebhookResult> promise = Promise.promise();
    vertx.runOnContext(
        _ ->
            ((WebhookResult.Later) platform.read(PlayedGoogle.connection(google, false), webhook))
                .result()
                .onComplete(promise));
    WebhookResult result = promise.future().toCompletionStage().toCompletableFuture().join();
    return switch (result) {
      case WebhookResult.Forged forged -> forged.reason();
      case WebhookResult.Answer answer -> Integer.toString(answer.reply().status());
      case WebhookResult.Events events ->
          events.events().stream().map(InboundEvent::text).findFirst().orElse("nothing");
      case WebhookResult.Later _ -> "later";
    };
  }

  /** Of an add-on, only that of our own project's number is one. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          chat@system.gserviceaccount.com                                         | hello
          service-100000000001@gcp-sa-gsuiteaddons.iam.gserviceaccount.com        | hello
          service-100000000002@gcp-sa-gsuiteaddons.iam.gserviceaccount.com        | the token is of somebody else
          service-100000000001@gcp-sa-gsuiteaddons.iam.gserviceaccount.com.evil.io | the token is of somebody else
          concert@played-project-2.iam.gserviceaccount.com                        | the token is of somebody else
          someone@example.com                                                     | the token is of somebody else
          """)
  void aTokenForOurAddressIsOfGoogleChatOrOfOurOwnAddOn(String email, String verdict) {
    assertThat(verdict(google.addressClaims(email, ADDRESS), event())).isEqualTo(verdict);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          aud            | https://your.host/webhooks/googlechat/c2 | the token is for another address
          aud            | https://your.host/                       | the token is for another address
          aud            | 100000000001                             | the token is for another address
          aud            | :                                        | the token is for another address
          iss            | https://accounts.example.com             | the token has another issuer
          email_verified |                                          | the token is of somebody else
          exp            | -301                                     | the token has expired
          exp            | -200                                     | hello
          iat            | 301                                      | the token is of the future
          """)
  void aTokenForOurAddressSaysForWhomAndForWhenItIs(String claim, String value, String verdict) {
    JsonObject claims = google.addressClaims(FakeGoogleChat.CHAT, ADDRESS);
    if (value == null) {
      claims.remove(claim);
    } else if (value.matches("-?\\d{1,5}")) {
      claims.put(claim, now.getEpochSecond() + Long.parseLong(value));
    } else {
      claims.put(claim, value);
    }
    assertThat(verdict(claims, event())).isEqualTo(verdict);
  }

  @Test
  void aTokenForOurProjectIsSignedByGoogleChatItself() {
    JsonObject claims = google.projectClaims(1);
    assertThat(verdict(claims, event())).isEqualTo("hello");
    assertThat(verdict(google.projectClaims(2), event()))
        .isEqualTo("the token is for another project");
    // Whoever has an ID token of Google's could say that it is of Google Chat.
    String[] chat = google.authorization(claims).split("\\.");
    String[] other =
        google.authorization(google.addressClaims("someone@example.com", ADDRESS)).split("\\.");
    assertThat(verdict("Bearer " + other[0].substring(7) + "." + chat[1] + "." + other[2], event()))
        .isEqualTo("the key of the token is not published");
    assertThat(verdict(chat[0] + "." + chat[1] + "." + other[2], event()))
        .isEqualTo("the signature of the token is wrong");
    assertThat(verdict("", event())).isEqualTo("there is no token");
    String good = google.authorization(claims);
    now = now.plus(Duration.ofHours(2));
    assertThat(verdict(good, event())).isEqualTo("the token has expired");
  }

  /** The same request again is taken again; the inbox knows its event. */
  @Test
  void whatPubSubPushesIsInAnEnvelopeAndSignedForOurServiceAccount() {
    String data = Base64.getEncoder().encodeToString(event().toBuffer().getBytes());
    JsonObject envelope =
        new JsonObject()
            .put("subscription", FakeGoogleChat.subscription(1))
            .put("message", new JsonObject().put("data", data).put("messageId", "1"));
    JsonObject claims = google.addressClaims(FakeGoogleChat.email(1), ADDRESS);
    assertThat(verdict(claims, envelope)).isEqualTo("hello");
    assertThat(verdict(claims.copy().put("email_verified", false), envelope))
        .isEqualTo("the token is of somebody else");
    assertThat(verdict(google.addressClaims(FakeGoogleChat.CHAT, ADDRESS), envelope))
        .isEqualTo("nothing");
  }
}
