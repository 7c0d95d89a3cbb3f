package dev.concert.platform.bridge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.concert.testing.Await;
import dev.concert.testing.chat.DiscordEventsPlayed;
import dev.concert.testing.chat.FakeDiscord;
import dev.concert.testing.chat.FakeSlack;
import dev.concert.testing.chat.FakeTelegram;
import dev.concert.testing.chat.SlackWebhooks;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Telegram's updates, Discord's gateway and Slack's socket have one owner on two nodes, also where
 * that one is paused, is replaced, and goes on.
 */
class ChatOwnerTest {
  private static final String SLACK_PLACE = "D0ANNE";
  private static final String DISCORD_PLACE = "1777";
  private static final String PERSON = "7";

  @TempDir Path folder;
  private final AtomicInteger updates = new AtomicInteger(100);
  private SharedChats nodes;
  private String webhooks;

  @Test
  void anOwnerThatIsPausedIsReplacedAndHasNoSecondEffectWhenItGoesOn() {
    try (SharedChats opened = new SharedChats(folder)) {
      nodes = opened;
      nodes.start();
      // The other node has the gateway: it passes on what only the owner does.
      nodes.add("telegram", Map.of("botToken", FakeTelegram.token(1)));
      nodes.add("discord", Map.of("botToken", FakeDiscord.token(1)));
      nodes.add("slack", Map.of("botToken", FakeSlack.token(1), "appToken", FakeSlack.appToken(1)));
      webhooks =
          nodes.add(
              "slack",
              Map.of("botToken", FakeSlack.token(2), "signingSecret", FakeSlack.SIGNING_SECRET));
      List<Consumer<String>> places =
          List.of(this::inTelegram, this::inDiscord, this::inSlack, this::byWebhook);
      places.forEach(place -> place.accept("pair " + nodes.pairingCode()));
      Await.until(
          "four members", () -> times("I know you now. Write to me what you want done.") == 4);
      eachSays(places, "one");

      nodes.awaitQuiet();
      nodes.chats.pause();
      nodes.slack.closeSockets(1, false);
      for (int i = 0; i < 3; i++) {
        places.get(i).accept("two " + i);
      }
      for (int i = 0; i < 3; i++) {
        awaitOnce("two " + i);
      }
      nodes.chats.resume();
      Await.until(
          "it stands by",
          () -> nodes.chats.complaints().contains("This node does not hold 'chats' any more"));
      eachSays(places, "three");
      assertThat(List.of(times("one 0"), times("one 1"), times("one 2"), times("one 3")))
          .containsOnly(1);
      assertThat(List.of(times("two 0"), times("two 1"), times("two 2"))).containsOnly(1);
    }
  }

  private void eachSays(List<Consumer<String>> places, String word) {
    for (int i = 0; i < places.size(); i++) {
      places.get(i).accept(word + " " + i);
    }
    for (int i = 0; i < places.size(); i++) {
      awaitOnce(word + " " + i);
    }
  }

  private void awaitOnce(String text) {
    try {
      Await.until("'" + text + "'", () -> times(text) > 0);
    } catch (AssertionError e) {
      throw new AssertionError(
          "%s in %s; the other node said: %s"
              .formatted(e.getMessage(), texts().toList(), nodes.all.complaints()),
          e);
    }
    assertThat(times(text)).as(text).isEqualTo(1);
  }

  private int times(String text) {
    return (int) texts().filter(text::equals).count();
  }

  private Stream<String> texts() {
    return Stream.of(
            nodes.telegram.messages().stream().map(FakeTelegram.Message::text),
            nodes.discord.messages().stream().map(FakeDiscord.Message::text),
            nodes.slack.messages().stream().map(FakeSlack.Message::text))
        .flatMap(all -> all);
  }

  private void inTelegram(String text) {
    JsonObject message =
        new JsonObject()
            .put("message_id", updates.incrementAndGet())
            .put("from", new JsonObject().put("id", 7).put("is_bot", false))
            .put("chat", new JsonObject().put("id", 7).put("type", "private"))
            .put("text", text);
    nodes.telegram.update(
        1, new JsonObject().put("update_id", updates.get()).put("message", message));
  }

  private void inDiscord(String text) {
    nodes.discord.dispatch(
        1,
        "MESSAGE_CREATE",
        DiscordEventsPlayed.message(nodes.discord.newId(), DISCORD_PLACE, PERSON, text));
  }

  private void inSlack(String text) {
    nodes.slack.send(1, "events_api", slackMessage(text, 1));
  }

  private JsonObject slackMessage(String text, int team) {
    String time = nodes.slack.newTime();
    return SlackWebhooks.envelope(
            "Ev" + time, SlackWebhooks.message(SLACK_PLACE + team, time, "", "U0ANNE", text))
        .put("team_id", FakeSlack.team(team));
  }

  /** The node with the gateway verifies it, and the owner claims it. */
  private void byWebhook(String text) {
    assertThat(
            new SlackWebhooks(URI.create(nodes.all.url() + webhooks))
                .send(slackMessage(text, 2))
                .statusCode())
        .isEqualTo(200);
  }
}
