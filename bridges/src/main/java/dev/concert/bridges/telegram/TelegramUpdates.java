package dev.concert.bridges.telegram;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.concert.bridges.platform.ChatConnection;
import dev.concert.bridges.platform.ChatInbox;
import dev.concert.bridges.platform.ChatReceiver;
import dev.concert.bridges.platform.InboundEvent;
import dev.concert.foundation.retry.Backoff;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Fetches the updates of a bot. Telegram keeps them until the next fetch says that they were taken,
 * so none is lost. It refuses a second fetch while that of a process before is under way: that ends
 * by itself within seconds.
 */
final class TelegramUpdates implements ChatReceiver {
  private static final int WAIT_SECONDS = 25;
  private static final Duration TIMEOUT = Duration.ofSeconds(40);
  private static final Duration CONFLICT = Duration.ofSeconds(1);
  private static final Backoff BACKOFF =
      new Backoff(Duration.ofMillis(500), Duration.ofSeconds(30), 0.3);

  private final Vertx vertx;
  private final TelegramApi api;
  private final ChatConnection connection;
  private final ChatInbox inbox;
  private Health health = new Health(false, "Connecting to Telegram.");
  private long offset;
  private int failures;
  private boolean stopped;

  TelegramUpdates(Vertx vertx, TelegramApi api, ChatConnection connection, ChatInbox inbox) {
    this.vertx = vertx;
    this.api = api;
    this.connection = connection;
    this.inbox = inbox;
  }

  @Override
  public void start() {
    releaseWebhook();
  }

  @Override
  public void stop() {
    stopped = true;
    health = new Health(false, "Stopped.");
  }

  @Override
  public Health health() {
    return health;
  }

  private Future<TelegramReply> call(String method, ObjectNode parameters, Duration timeout) {
    return api.call(connection.secret(TelegramPlatform.BOT_TOKEN), method, parameters, timeout);
  }

  /** With a webhook nothing can be fetched. What waits for the webhook waits for us then. */
  private void releaseWebhook() {
    call("deleteWebhook", JsonNodeFactory.instance.objectNode(), TIMEOUT)
        .onSuccess(
            reply -> {
              if (reply instanceof TelegramReply.Ok) {
                fetch();
              } else {
                failed(reply, this::releaseWebhook);
              }
            });
  }

  private void fetch() {
    if (stopped) {
      return;
    }
    ObjectNode wanted =
        JsonNodeFactory.instance.objectNode().put("offset", offset).put("timeout", WAIT_SECONDS);
    wanted.putArray("allowed_updates").add("message").add("edited_message").add("callback_query");
    call("getUpdates", wanted, TIMEOUT)
        .onSuccess(
            reply -> {
              if (reply instanceof TelegramReply.Ok ok) {
                take(ok.result());
              } else {
                failed(reply, this::fetch);
              }
            });
  }

  private void take(JsonNode updates) {
    if (stopped) {
      return;
    }
    List<InboundEvent> events = new ArrayList<>();
    long next = offset;
    for (JsonNode update : updates) {
      events.addAll(TelegramReader.events(connection, update));
      next = Math.max(next, update.path("update_id").asLong() + 1);
    }
    long taken = next;
    inbox
        .receive(events)
        .onSuccess(
            _ -> {
              offset = taken;
              failures = 0;
              health = new Health(true, "Connected to Telegram.");
              fetch();
            })
        .onFailure(_ -> again(BACKOFF.after(++failures), this::fetch));
  }

  private void failed(TelegramReply reply, Runnable next) {
    switch (reply) {
      case TelegramReply.Limited limited -> again(limited.pause(), next);
      case TelegramReply.Refused refused when refused.description().contains("Unauthorized") -> {
        stopped = true;
        health = new Health(false, "Telegram does not take the bot token any more.");
      }
      case TelegramReply.Refused refused when refused.description().contains("webhook") -> {
        health = new Health(false, "Somebody has set a webhook; it is removed.");
        again(CONFLICT, this::releaseWebhook);
      }
      case TelegramReply.Refused refused when refused.description().contains("Conflict") -> {
        health = new Health(false, "Another program fetches the updates of this bot.");
        again(BACKOFF.after(1).plus(CONFLICT), next);
      }
      case TelegramReply _ -> {
        health = new Health(false, "Telegram does not answer now.");
        again(BACKOFF.after(++failures), next);
      }
    }
  }

  private void again(Duration pause, Runnable next) {
    if (!stopped) {
      vertx.setTimer(Math.max(1, pause.toMillis()), _ -> next.run());
    }
  }
}
