package dev.concert.bridges.slack;

import static org.assertj.core.api.Assertions.assertThat;

import dev.concert.bridge.BridgeMessages.DeliverWebhook;
import dev.concert.bridges.http.ChatNetwork;
import dev.concert.bridges.platform.Account;
import dev.concert.bridges.platform.ChatConnection;
import dev.concert.bridges.platform.InboundEvent;
import dev.concert.bridges.platform.InboundEvent.Kind;
import dev.concert.bridges.platform.WebhookResult;
import dev.concert.foundation.proxy.OutboundProxies;
import dev.concert.foundation.rate.RateBudgets;
import dev.concert.testing.chat.FakeSlack;
import dev.concert.testing.chat.SlackWebhooks;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SlackReaderTest {
  private static final Instant NOW = Instant.parse("2026-11-29T10:00:00Z");
  private static final ChatConnection CONNECTION =
      new ChatConnection(
          "c1",
          "acme",
          "slack",
          "Played",
          new Account(FakeSlack.TEAM, "Played", FakeSlack.BOT),
          Map.of(),
          Map.of("botToken", FakeSlack.TOKEN, "signingSecret", FakeSlack.SIGNING_SECRET),
          0);

  private final Vertx vertx = Vertx.vertx();
  private final SlackPlatform slack =
      new SlackPlatform(
          new ChatNetwork(vertx, OutboundProxies.NONE),
          URI.create("http://127.0.0.1:9/api"),
          new RateBudgets(vertx),
          () -> NOW);

  @AfterEach
  void close() {
    vertx.close().toCompletionStage().toCompletableFuture().join();
  }

  private WebhookResult read(String time, String signature, String type, String body) {
    return slack.read(
        CONNECTION,
        new DeliverWebhook(
            "slack",
            "c1",
            Map.of(
                "x-slack-request-timestamp", time,
                "x-slack-signature", signature,
                "content-type", type),
            body.getBytes(StandardCharsets.UTF_8)));
  }

  private WebhookResult signed(String type, String body) {
    String time = Long.toString(NOW.getEpochSecond());
    return read(time, SlackWebhooks.sign(time, body), type, body);
  }

  private List<InboundEvent> events(JsonObject event) {
    String body = SlackWebhooks.envelope("Ev1", event).encode();
    return ((WebhookResult.Events) signed("application/json", body)).events();
  }

  /** The example of https://docs.slack.dev/authentication/verifying-requests-from-slack. */
  @Test
  void slacksOwnExampleIsSignedAsSlackSays() {
    String body =
        "token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow"
            + "&channel_id=G8PSS9T3V&channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner"
            + "&command=%2Fwebhook-collect&text="
            + "&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554"
            + "%2F96rGlfmibIGlgcZRskXaIFfN"
            + "&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c";
    String signature = "v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503";
    Map<String, String> headers =
        Map.of("x-slack-request-timestamp", "1531420618", "x-slack-signature", signature);
    Instant then = Instant.ofEpochSecond(1531420618);
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    assertThat(SlackSignature.fault(FakeSlack.SIGNING_SECRET, headers, bytes, then)).isEmpty();
    bytes[0] ^= 1;
    assertThat(SlackSignature.fault(FakeSlack.SIGNING_SECRET, headers, bytes, then)).isPresent();
  }

  @ParameterizedTest
  @CsvSource({"0,true", "-299,true", "299,true", "-301,false", "301,false", "-86400,false"})
  void aSignatureHoldsForFiveMinutesBothWays(long offset, boolean holds) {
    String time = Long.toString(NOW.getEpochSecond() + offset);
    String body = SlackWebhooks.envelope("Ev1", new JsonObject()).encode();
    WebhookResult result = read(time, SlackWebhooks.sign(time, body), "application/json", body);
    assertThat(result instanceof WebhookResult.Events).isEqualTo(holds);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "v0=", "v0=00", "v1=abc", "sha256=1"})
  void whatIsForgedIsNotRead(String signature) {
    String time = Long.toString(NOW.getEpochSecond());
    assertThat(read(time, signature, "application/json", "{}"))
        .isInstanceOf(WebhookResult.Forged.class);
    assertThat(read("soon", SlackWebhooks.sign("soon", "{}"), "application/json", "{}"))
        .isInstanceOf(WebhookResult.Forged.class);
  }

  @Test
  void emojiAndEscapesAreInTheSignedBytes() {
    String body =
        "{\"team_id\":\"T0PLAYED\",\"event\":{\"type\":\"message\",\"channel\":\"D1\",\"user\":\"U1\",\"ts\":\"1.2\",\"text\":\"😀"
            + " \\u001B[0m &lt;b&gt; <https://a.example|a>\"}}";
    InboundEvent event =
        ((WebhookResult.Events) signed("application/json", body)).events().getFirst();
    assertThat(event.text()).isEqualTo("😀 \u001B[0m <b> https://a.example");
    assertThat(event.isDirect()).isTrue();
  }

  @Test
  void theAddressIsVerifiedWithTheChallenge() {
    String body = "{\"type\":\"url_verification\",\"challenge\":\"3eZbrw1a\"}";
    WebhookResult.Answer answer = (WebhookResult.Answer) signed("application/json", body);
    assertThat(answer.reply().body()).isEqualTo("3eZbrw1a");
    assertThat(answer.reply().status()).isEqualTo(200);
  }

  @Test
  void aMessageIsKnownByItsChannelAndTimeWhicheverEventTellsOfIt() {
    JsonObject message =
        SlackWebhooks.message("C1", "5.6", "", "U1", "<@" + FakeSlack.BOT + "> do it");
    InboundEvent told = events(message).getFirst();
    InboundEvent mention = events(message.copy().put("type", "app_mention")).getFirst();
    assertThat(mention).isEqualTo(told);
    assertThat(told)
        .isEqualTo(
            new InboundEvent(Kind.MESSAGE, "m:C1:5.6", "C1:5.6", "C1", "U1", "do it", false, true));
  }

  @Test
  void weReplyNeitherToOurselvesNorToOtherBotsNorToNotices() {
    JsonObject message = SlackWebhooks.message("D1", "5.6", "", "U1", "hi");
    assertThat(events(message)).hasSize(1);
    assertThat(events(message.copy().put("user", FakeSlack.BOT))).isEmpty();
    assertThat(events(message.copy().put("bot_id", "B9"))).isEmpty();
    assertThat(events(message.copy().put("subtype", "message_changed"))).isEmpty();
    assertThat(events(message.copy().put("subtype", "channel_join"))).isEmpty();
    assertThat(events(new JsonObject().put("type", "reaction_added"))).isEmpty();
  }

  @Test
  void anotherTeamIsRefusedAndNonsenseAnswered() {
    String other = SlackWebhooks.envelope("Ev1", new JsonObject()).put("team_id", "T9").encode();
    assertThat(((WebhookResult.Answer) signed("application/json", other)).reply().status())
        .isEqualTo(403);
    assertThat(((WebhookResult.Answer) signed("application/json", "{")).reply().status())
        .isEqualTo(400);
    assertThat(
            ((WebhookResult.Answer) signed("application/x-www-form-urlencoded", "payload=%7B%7D"))
                .reply()
                .status())
        .isEqualTo(403);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '^',
      textBlock =
          """
          **bold** and `a<b` ^ *bold* and `a&lt;b`
          [a link](https://x.example/y) ^ <https://x.example/y|a link>
          # Title ^ *Title*
          - item ^ • item
          a & <b> ^ a &amp; &lt;b&gt;
          `**no**` ~~gone~~ ^ `**no**` ~gone~
          """)
  void markdownIsShownInSlacksForm(String markdown, String shown) {
    assertThat(SlackMarkdown.render(markdown)).isEqualTo(shown);
  }

  @Test
  void theLanguageOfACodeBlockIsNotALineOfIt() {
    assertThat(SlackMarkdown.render("```java\na < **b**;\n```\n**c**"))
        .isEqualTo("```\na &lt; **b**;\n```\n*c*");
  }
}
