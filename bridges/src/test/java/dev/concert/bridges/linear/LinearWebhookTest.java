package dev.concert.bridges.linear;

import static org.assertj.core.api.Assertions.assertThat;

import dev.concert.bridge.BridgeMessages.DeliverWebhook;
import dev.concert.bridges.http.ChatNetwork;
import dev.concert.bridges.platform.Account;
import dev.concert.bridges.platform.ChatConnection;
import dev.concert.bridges.platform.InboundEvent;
import dev.concert.bridges.platform.WebhookResult;
import dev.concert.foundation.proxy.OutboundProxies;
import dev.concert.foundation.rate.RateBudgets;
import dev.concert.testing.chat.FakeLinear;
import dev.concert.testing.chat.LinearWebhooks;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Which requests count as Linear's own, and what they mean. */
class LinearWebhookTest {
  private final Vertx vertx = Vertx.vertx();
  private final ChatConnection connection =
      new ChatConnection(
          "c1",
          "acme",
          "linear",
          "played",
          new Account(FakeLinear.workspace(1), "Played 1", FakeLinear.app(1)),
          Map.of("appName", "concert"),
          Map.of("webhookSecret", FakeLinear.WEBHOOK_SECRET),
          0);
  private final LinearPlatform platform =
      new LinearPlatform(
          new ChatNetwork(vertx, OutboundProxies.NONE),
          URI.create("http://127.0.0.1:1"),
          Optional.empty(),
          new RateBudgets(vertx),
          InstantSource.system());

  @AfterEach
  void close() {
    vertx.close().toCompletionStage().toCompletableFuture().join();
  }

  private WebhookResult read(JsonObject request) {
    byte[] body = request.encode().getBytes(StandardCharsets.UTF_8);
    return platform.read(
        connection,
        new DeliverWebhook(
            "linear", "c1", Map.of("linear-signature", LinearWebhooks.sign(body)), body));
  }

  private List<InboundEvent> events(JsonObject request) {
    return ((WebhookResult.Events) read(request)).events();
  }

  private static JsonObject session() {
    return LinearWebhooks.session(1, "s1", "anne");
  }

  private static JsonObject at(long shift) {
    return LinearWebhooks.event(1, "created", session())
        .put("webhookTimestamp", System.currentTimeMillis() + shift);
  }

  @Test
  void onlyWhatIsSignedAndOfNowIsLinears() {
    assertThat(read(at(0))).isInstanceOf(WebhookResult.Events.class);
    assertThat(read(at(-61_000))).isInstanceOf(WebhookResult.Forged.class);
    assertThat(read(at(+70_000))).isInstanceOf(WebhookResult.Forged.class);
    byte[] body = at(0).encode().getBytes(StandardCharsets.UTF_8);
    for (String signature : List.of("", "00", LinearWebhooks.sign("other".getBytes()))) {
      assertThat(
              platform.read(
                  connection,
                  new DeliverWebhook("linear", "c1", Map.of("linear-signature", signature), body)))
          .isInstanceOf(WebhookResult.Forged.class);
    }
  }

  @Test
  void theBytesAsTheyCameAreSigned() {
    JsonObject request =
        LinearWebhooks.event(1, "prompted", session())
            .put("agentActivity", LinearWebhooks.prompt("p1", "s1", "anne", "Grüße 🎻 \u001B"));
    byte[] escaped = request.encode().replace("ü", "\\u00fc").getBytes(StandardCharsets.UTF_8);
    WebhookResult result =
        platform.read(
            connection,
            new DeliverWebhook(
                "linear", "c1", Map.of("linear-signature", LinearWebhooks.sign(escaped)), escaped));
    assertThat(((WebhookResult.Events) result).events().getFirst().text()).startsWith("Grüße 🎻");
  }

  @Test
  void anotherWorkspaceOrAnotherAppHasNoEffect() {
    assertThat(read(LinearWebhooks.event(2, "created", session())))
        .isInstanceOfSatisfying(
            WebhookResult.Answer.class,
            answer -> assertThat(answer.reply().status()).isEqualTo(403));
    assertThat(events(at(0).put("appUserId", "another-app"))).isEmpty();
    assertThat(events(at(0).put("type", "Issue"))).isEmpty();
    assertThat(events(at(0).put("action", "archived"))).isEmpty();
  }

  @Test
  void aMentionSaysWhatIsWantedAndADelegatedIssueDoes() {
    JsonObject issue =
        new JsonObject()
            .put("id", "i1")
            .put("identifier", "ENG-1")
            .put("title", "It is broken")
            .put("description", "Mend it.")
            .put("url", "https://linear.app/played/issue/ENG-1");
    JsonObject delegated = LinearWebhooks.event(1, "created", session().put("issue", issue));
    InboundEvent task = events(delegated).getFirst();
    assertThat(task.text())
        .isEqualTo(
            """
            Work on the issue ENG-1: It is broken

            Mend it.

            https://linear.app/played/issue/ENG-1\
            """);
    assertThat(task.isDirect()).isFalse();
    assertThat(task.isMention()).isTrue();
    assertThat(task.eventId()).isEqualTo("s:s1");

    for (String mention :
        List.of("@Concert", "[@concert](https://linear.app/played/profiles/concert)")) {
      JsonObject comment =
          new JsonObject().put("id", "c1").put("body", mention + " mend @concerto's part");
      JsonObject mentioned =
          LinearWebhooks.event(1, "created", session().put("issue", issue).put("comment", comment));
      assertThat(events(mentioned).getFirst().text()).isEqualTo("mend @concerto's part");
    }
  }

  @Test
  void theSignalToStopIsTheCommandToStop() {
    JsonObject prompt =
        LinearWebhooks.prompt("p1", "s1", "anne", "Please halt").put("signal", "stop");
    InboundEvent stop =
        events(LinearWebhooks.event(1, "prompted", session()).put("agentActivity", prompt))
            .getFirst();
    assertThat(stop.text()).isEqualTo("stop");
    assertThat(stop.conversation()).isEqualTo("s1");
    assertThat(stop.eventId()).isEqualTo("a:p1");
  }

  @Test
  void nonsenseIsAnsweredWith400() {
    byte[] body = "{".getBytes(StandardCharsets.UTF_8);
    WebhookResult result =
        platform.read(
            connection,
            new DeliverWebhook(
                "linear", "c1", Map.of("linear-signature", LinearWebhooks.sign(body)), body));
    assertThat(result)
        .isInstanceOfSatisfying(
            WebhookResult.Answer.class,
            answer -> assertThat(answer.reply().status()).isEqualTo(400));
  }
}
