package dev.concert.bridges.discord;

import static org.assertj.core.api.Assertions.assertThat;

import dev.concert.bridge.BridgeMessages.DeliverWebhook;
import dev.concert.bridges.http.ChatNetwork;
import dev.concert.bridges.platform.Account;
import dev.concert.bridges.platform.ChatConnection;
import dev.concert.bridges.platform.ChatReceiver;
import dev.concert.bridges.platform.InboundEvent;
import dev.concert.bridges.platform.KeptInbox;
import dev.concert.bridges.platform.WebhookResult;
import dev.concert.foundation.proxy.OutboundProxies;
import dev.concert.foundation.rate.RateBudgets;
import dev.concert.testing.Await;
import dev.concert.testing.chat.DiscordEventsPlayed;
import dev.concert.testing.chat.FakeDiscord;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What comes from Discord, whatever happens to the connection. */
class DiscordGatewayTest {
  private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
  private static final String CHANNEL = "2000001";
  private static final String ANNE = "3000001";

  private final Vertx vertx = Vertx.vertx();
  private final FakeDiscord discord = new FakeDiscord();
  private final KeptInbox inbox = new KeptInbox();
  private DiscordPlatform platform;
  private ChatConnection connection;
  private ChatReceiver receiver;

  @BeforeEach
  void connect() {
    platform =
        new DiscordPlatform(
            new ChatNetwork(vertx, OutboundProxies.NONE),
            discord.api(),
            new RateBudgets(vertx),
            InstantSource.fixed(NOW));
    Map<String, String> secrets = Map.of(DiscordPlatform.BOT_TOKEN, FakeDiscord.token(1));
    Account account = get(platform.verify(Map.of(), secrets));
    connection =
        new ChatConnection(
            "c1", "acme", "discord", "played", account, account.settings(), secrets, 0);
  }

  private static <T> T get(Future<T> future) {
    return future.toCompletionStage().toCompletableFuture().join();
  }

  private void listen() {
    get(
        vertx.executeBlocking(
            () -> {
              receiver = platform.receiver(connection, inbox).orElseThrow();
              return null;
            }));
    vertx.runOnContext(_ -> receiver.start());
    awaitConnected();
  }

  private void awaitConnected() {
    Await.until("connected", () -> receiver.health().isConnected() && discord.isConnected(1));
  }

  @AfterEach
  void close() {
    get(vertx.close());
    discord.close();
  }

  private void say(String text) {
    discord.dispatch(
        1, "MESSAGE_CREATE", DiscordEventsPlayed.message(discord.newId(), CHANNEL, ANNE, text));
  }

  @Test
  void aConnectionThatIsCutIsResumedAndNothingIsMissed() {
    listen();
    say("one");
    Await.until("one", () -> inbox.texts().equals(List.of("one")));
    discord.cut(1, 4000);
    say("two");
    Await.until(
        "the resumption", () -> discord.gatewayLog().equals(List.of("identify 1", "resume 1")));
    Await.until("two", () -> inbox.texts().equals(List.of("one", "two")));
  }

  @Test
  void aConnectionThatSaysNothingIsLeftAndResumed() {
    discord.heartbeat(50);
    listen();
    discord.silent(true);
    say("unheard");
    Await.until("the connection is left", () -> discord.gatewayLog().contains("resume 1"));
    discord.silent(false);
    Await.until("what was not heard", () -> inbox.texts().equals(List.of("unheard")));
  }

  @Test
  void theNextProcessGoesOnAfterTheLastEventThatWasTaken() {
    listen();
    say("one");
    Await.until("one", () -> inbox.bookmark != null && inbox.texts().equals(List.of("one")));
    vertx.runOnContext(_ -> receiver.stop());
    Await.until("gone", () -> !discord.isConnected(1));
    say("two");
    listen();
    Await.until("two", () -> inbox.texts().equals(List.of("one", "two")));
    assertThat(discord.gatewayLog()).containsExactly("identify 1", "resume 1");
  }

  @Test
  void anEventThatCannotBeTakenNowComesAgain() {
    listen();
    inbox.refusals = 1;
    say("one");
    say("two");
    Await.until("both, in order", () -> inbox.texts().equals(List.of("one", "two")));
  }

  @Test
  void aSessionThatIsOverIsBegunAnew() {
    listen();
    discord.cut(1, 4009);
    Await.until(
        "a new session", () -> discord.gatewayLog().equals(List.of("identify 1", "identify 1")));
    awaitConnected();
    say("after");
    Await.until("after", () -> inbox.texts().equals(List.of("after")));
  }

  @Test
  void aTokenThatIsTakenAwayIsSaidAndNotTriedAgain() {
    listen();
    discord.cut(1, 4004);
    Await.until(
        "the reason",
        () ->
            receiver
                .health()
                .equals(
                    new ChatReceiver.Health(
                        false, "Discord does not take the bot token any more.")));
    assertThat(discord.gatewayLog()).containsExactly("identify 1");
  }

  @ParameterizedTest
  @CsvSource({"true, original", "false, ''"})
  void aCommandIsAcknowledgedAtOnceAndCountsAlsoWhereThatIsTooLate(boolean inTime, String reply) {
    listen();
    if (inTime) {
      discord.expect("token", CHANNEL, ANNE);
    }
    discord.dispatch(
        1,
        "INTERACTION_CREATE",
        DiscordEventsPlayed.command(1, "i1", "token", CHANNEL, ANNE, "status"));
    Await.until("the command", () -> inbox.texts().equals(List.of("status")));
    assertThat(inbox.events.getFirst().replyTo())
        .isEqualTo(reply.isEmpty() ? null : reply + " token");
  }

  @Test
  void whatAMentionBeginsIsTheThreadOfItsMessageAndAThreadHasNoThreadInIt() {
    listen();
    String id = discord.newId();
    JsonObject mention = DiscordEventsPlayed.message(id, CHANNEL, ANNE, "<@6000001> do it\nplease");
    discord.dispatch(1, "MESSAGE_CREATE", mention);
    Await.until("the mention", () -> inbox.events.size() == 1);
    InboundEvent event = inbox.events.getFirst();
    assertThat(event.conversation()).isEqualTo(id);
    get(platform.prepare(connection, event));
    get(platform.prepare(connection, event));
    discord.dispatch(
        1,
        "MESSAGE_CREATE",
        DiscordEventsPlayed.message(discord.newId(), id, ANNE, "<@6000001> again"));
    Await.until("the second mention", () -> inbox.events.size() == 2);
    assertThat(inbox.events.getLast().conversation()).isEqualTo(id);
  }

  @ParameterizedTest
  @CsvSource({"0, true", "-299, true", "299, true", "-301, false", "301, false"})
  void aPingIsAnsweredUnlessItIsForgedOrFromAnotherTime(long skew, boolean isTaken) {
    String body = "{\"type\":1,\"application_id\":\"5000001\",\"note\":\"Grüße 🎻 \\u001b\"}";
    String time = Long.toString(NOW.getEpochSecond() + skew);
    Map<String, String> headers =
        Map.of("x-signature-timestamp", time, "x-signature-ed25519", discord.sign(time, body));
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    WebhookResult read =
        platform.read(connection, new DeliverWebhook("discord", "c1", headers, bytes));
    if (isTaken) {
      assertThat(read)
          .isInstanceOfSatisfying(
              WebhookResult.Answer.class,
              answer -> assertThat(answer.reply().body()).isEqualTo("{\"type\":1}"));
    } else {
      assertThat(read).isInstanceOf(WebhookResult.Forged.class);
    }
    byte[] flipped = bytes.clone();
    flipped[10] ^= 1;
    assertThat(platform.read(connection, new DeliverWebhook("discord", "c1", headers, flipped)))
        .isInstanceOf(WebhookResult.Forged.class);
  }

  @Test
  void theCommandIsRegisteredAtSetUp() {
    get(platform.setUp(connection));
    assertThat(discord.commands()).containsExactly("concert");
  }
}
