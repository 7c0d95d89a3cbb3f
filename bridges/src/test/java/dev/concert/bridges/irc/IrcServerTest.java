package dev.concert.bridges.irc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.concert.bridges.platform.KeptInbox;
import dev.concert.error.Problem;
import dev.concert.foundation.outbox.SendOutcome;
import dev.concert.foundation.rate.CallRate;
import dev.concert.foundation.rate.RateBudgets;
import dev.concert.testing.Await;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The connection to a real server. */
class IrcServerTest {
  private final Vertx vertx = Vertx.vertx();
  private final KeptInbox inbox = new KeptInbox();
  private final RateBudgets budgets = new RateBudgets(vertx);
  private NgIrcd server;

  @BeforeEach
  void start() {
    assumeTrue(NgIrcd.isInstalled(), "ngIRCd is not installed");
    server = new NgIrcd();
  }

  @AfterEach
  void close() {
    vertx.close().toCompletionStage().toCompletableFuture().join();
    if (server != null) {
      server.close();
    }
  }

  private static <T> T get(Future<T> future) {
    return future.toCompletionStage().toCompletableFuture().join();
  }

  private IrcClient connect(String nick) {
    IrcAddress address = IrcAddress.of(server.address(nick, "c1")).orElseThrow();
    CallRate rate = new CallRate(5000, Duration.ofSeconds(5));
    IrcClient client = new IrcClient(vertx, address, Optional.empty(), inbox, budgets, rate);
    vertx.runOnContext(_ -> client.start());
    Await.until("connected", () -> client.health().isConnected());
    return client;
  }

  private SendOutcome say(IrcClient client, String target, String text) {
    return get(
        Future.future(
            promise ->
                vertx.runOnContext(_ -> client.say(target, List.of(text)).onComplete(promise))));
  }

  @Test
  void whatIsSaidToUsIsHeardAndWhatTheServerTakesIsSent() {
    IrcClient client = connect("concert");
    try (IrcUser anne = new IrcUser(server.port(), "Anne")) {
      anne.send("JOIN #c1");
      // Connected is not yet in the channel.
      Await.until("the bot is there", () -> anne.lines().stream().anyMatch(IrcServerTest::isThere));
      anne.say("#c1", "talk among people");
      anne.say("#c1", "concerto: is music");
      anne.say("#c1", "Concert, mend it");
      anne.say("concert", "\u0001VERSION\u0001");
      anne.say("concert", "alone");
      Await.until("both", () -> inbox.texts().equals(List.of("mend it", "alone")));
      assertThat(inbox.events.getFirst().conversation()).isEqualTo("#c1");
      assertThat(inbox.events.getFirst().sender()).matches("Anne!~?Anne@\\S+");
      assertThat(inbox.events.getLast().conversation()).isEqualTo("anne");
      assertThat(say(client, "anne", "Grüße 🎻")).isInstanceOf(SendOutcome.Sent.class);
      Await.until(
          "the answer", () -> anne.lines().stream().anyMatch(one -> one.endsWith(":Grüße 🎻")));
      assertThat(say(client, "nobody", "x")).isInstanceOf(SendOutcome.Refused.class);
      assertThat(say(client, "#c1", "y")).isInstanceOf(SendOutcome.Sent.class);
    }
  }

  /** The list of who is in a channel, or somebody who enters it. */
  private static boolean isThere(String line) {
    return line.contains(" 353 ")
        ? line.contains("concert")
        : line.startsWith(":concert!") && line.contains(" JOIN ");
  }

  @Test
  void theLongestMessageArrivesWhole() {
    IrcClient client = connect("a-bot-with-a-rather-long-name1");
    try (IrcUser anne = new IrcUser(server.port(), "Anne")) {
      Await.until("Anne", () -> anne.lines().stream().anyMatch(one -> one.contains(" 001 ")));
      String longest = "ü".repeat(175);
      say(client, "Anne", longest);
      Await.until("it", () -> anne.lines().stream().anyMatch(one -> one.endsWith(":" + longest)));
    }
  }

  @Test
  void aServerThatDiesIsConnectedToAgain() {
    IrcClient client = connect("concert");
    server.kill();
    Await.until("it is seen", () -> !client.health().isConnected());
    assertThat(say(client, "anne", "x")).isInstanceOf(SendOutcome.Failed.class);
    server.start();
    Await.until("connected again", () -> client.health().isConnected());
  }

  @Test
  void aNickThatIsTakenGivesAnother() {
    try (IrcUser other = new IrcUser(server.port(), "concert")) {
      Await.until("it", () -> other.lines().stream().anyMatch(one -> one.contains(" 001 ")));
      connect("concert");
      other.say("concert_", "you there");
      Await.until("heard", () -> inbox.texts().contains("you there"));
    }
  }

  @Test
  void onlyServersOfTheOperatorsListAreConnectedTo() {
    IrcPlatform platform =
        new IrcPlatform(vertx, new IrcOptions(List.of(server.server()), 1), budgets);
    assertThat(get(platform.verify(Map.of(), Map.of("address", server.address("bot", "")))).id())
        .isEqualTo("bot@" + server.server());
    assertThat(refusal(platform, Map.of("address", "ircs://bot@internal:6697/c")))
        .contains("'internal:6697'", "bridges.irc.servers");
    assertThat(refusal(platform, Map.of("address", "https://example.com"))).contains("ircs://");
    assertThat(
            refusal(platform, Map.of("address", server.address("bot", ""), "password", "secret")))
        .contains("TLS")
        .doesNotContain("secret");
  }

  private static String refusal(IrcPlatform platform, Map<String, String> secrets) {
    return get(
        platform
            .verify(Map.of(), secrets)
            .map("taken")
            .otherwise(failure -> Problem.of(failure).message()));
  }
}
