package dev.concert.testing.chat;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;

/** The updates of one bot of a {@link FakeTelegram}. Guarded by the latter. */
final class FakeTelegramUpdates {
  private static final int BATCH = 100;

  /** A fetch that waits for something to happen. */
  private record Waiting(HttpServerRequest request, long timer) {}

  private final Vertx vertx;
  private final Object lock;
  private final BiConsumer<HttpServerRequest, JsonObject> answer;
  private final List<JsonObject> updates = new ArrayList<>();
  private Optional<Waiting> waiting = Optional.empty();
  private boolean hasWebhook;

  FakeTelegramUpdates(Vertx vertx, Object lock, BiConsumer<HttpServerRequest, JsonObject> answer) {
    this.vertx = vertx;
    this.lock = lock;
    this.answer = answer;
  }

  void add(JsonObject update) {
    updates.add(update);
    waiting.ifPresent(_ -> release());
  }

  void webhook(boolean isSet) {
    hasWebhook = isSet;
  }

  /** Whether somebody waits for updates. */
  boolean isFetched() {
    return waiting.isPresent();
  }

  /** Of two fetches at once the earlier one is refused. */
  void fetch(HttpServerRequest request, JsonObject parameters) {
    if (hasWebhook) {
      answer.accept(
          request,
          FakeTelegram.error(
              409,
              "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to"
                  + " delete the webhook first"));
      return;
    }
    waiting.ifPresent(
        before -> {
          vertx.cancelTimer(before.timer());
          answer.accept(
              before.request(),
              FakeTelegram.error(
                  409,
                  "Conflict: terminated by other getUpdates request; make sure that only one bot"
                      + " instance is running"));
        });
    waiting = Optional.empty();
    long offset = parameters.getLong("offset", 0L);
    updates.removeIf(one -> one.getLong("update_id") < offset);
    long seconds = parameters.getLong("timeout", 0L);
    long timer =
        vertx.setTimer(
            Math.max(1, seconds * 1000),
            _ -> {
              synchronized (lock) {
                release();
              }
            });
    waiting = Optional.of(new Waiting(request, timer));
    request.connection().closeHandler(_ -> gone(request));
    if (!updates.isEmpty()) {
      release();
    }
  }

  private void gone(HttpServerRequest request) {
    synchronized (lock) {
      waiting = waiting.filter(one -> one.request() != request);
    }
  }

  private void release() {
    Optional<Waiting> now = waiting;
    waiting = Optional.empty();
    now.ifPresent(
        one -> {
          vertx.cancelTimer(one.timer());
          answer.accept(
              one.request(),
              new JsonObject()
                  .put("ok", true)
                  .put("result", new JsonArray(updates.stream().limit(BATCH).toList())));
        });
  }
}
