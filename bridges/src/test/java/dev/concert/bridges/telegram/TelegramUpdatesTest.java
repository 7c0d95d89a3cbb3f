package dev.concert.bridges.telegram;

import static org.assertj.core.api.Assertions.assertThat;

import dev.concert.bridges.http.ChatNetwork;
import dev.concert.bridges.platform.Account;
import dev.concert.bridges.platform.ChatConnection;
import dev.concert.bridges.platform.KeptInbox;
import dev.concert.foundation.proxy.OutboundProxies;
import dev.concert.testing.Await;
import dev.concert.testing.chat.FakeTelegram;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What is fetched from Telegram, whoever else fetches. */
class TelegramUpdatesTest {
  private final Vertx vertx = Vertx.vertx();
  private final FakeTelegram telegram = new FakeTelegram();
  private final KeptInbox inbox = new KeptInbox();
  private int numbers = 100;

  private TelegramUpdates fetch(String token) {
    ChatConnection connection =
        new ChatConnection(
            "c1",
            "acme",
            "telegram",
            "played",
            new Account("1001", "played", FakeTelegram.name(1)),
            Map.of(),
            Map.of("botToken", token),
            0);
    TelegramApi api = new TelegramApi(new ChatNetwork(vertx, OutboundProxies.NONE), telegram.api());
    TelegramUpdates updates = new TelegramUpdates(vertx, api, connection, inbox);
    vertx.runOnContext(_ -> updates.start());
    return updates;
  }

  private void say(String text) {
    telegram.update(
        1,
        new JsonObject()
            .put("update_id", ++numbers)
            .put(
                "message",
                new JsonObject()
                    .put("message_id", numbers)
                    .put("from", new JsonObject().put("id", 7).put("is_bot", false))
                    .put("chat", new JsonObject().put("id", 7).put("type", "private"))
                    .put("text", text)));
  }

  @AfterEach
  void close() {
    vertx.close().toCompletionStage().toCompletableFuture().join();
    telegram.close();
  }

  @Test
  void whatWaitedIsFetchedInOrderAlsoWhereAWebhookWasSet() {
    telegram.setWebhook(1);
    say("one");
    say("two");
    fetch(FakeTelegram.token(1));
    Await.until("both", () -> inbox.texts().equals(List.of("one", "two")));
    telegram.setWebhook(1);
    say("three");
    Await.until("three", () -> inbox.texts().equals(List.of("one", "two", "three")));
  }

  @Test
  void whatCannotBeTakenNowIsFetchedAgain() {
    inbox.refusals = 2;
    say("one");
    fetch(FakeTelegram.token(1));
    Await.until("one", () -> inbox.texts().equals(List.of("one")));
  }

  @Test
  void aFetchOfTheProcessBeforeIsOutlived() {
    TelegramUpdates before = fetch(FakeTelegram.token(1));
    Await.until("it waits", () -> telegram.isFetched(1));
    TelegramUpdates now = fetch(FakeTelegram.token(1));
    vertx.runOnContext(_ -> before.stop());
    say("one");
    Await.until("one", () -> inbox.texts().equals(List.of("one")));
    Await.until("it goes on", () -> now.health().isConnected());
  }

  @Test
  void aTokenThatIsTakenAwayIsSaid() {
    TelegramUpdates updates = fetch("1009:gone");
    Await.until(
        "the reason", () -> updates.health().message().contains("does not take the bot token"));
    assertThat(inbox.texts()).isEmpty();
  }
}
