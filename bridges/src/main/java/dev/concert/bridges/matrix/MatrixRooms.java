package dev.concert.bridges.matrix;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.concert.bridges.http.ChatReply;
import dev.concert.bridges.platform.ChatConnection;
import dev.concert.foundation.retry.Backoff;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The rooms that bots are in. Who is there may change at any time. Thread-safe. */
final class MatrixRooms {
  private static final Logger LOG = LoggerFactory.getLogger(MatrixRooms.class);
  private static final Backoff BACKOFF =
      new Backoff(Duration.ofSeconds(1), Duration.ofSeconds(30), 0.3);
  private static final int MAX_ROOMS = 10_000;
  private static final Duration KNOWN = Duration.ofMinutes(1);
  private static final int MAX_ATTEMPTS = 5;
  private static final int TWO = 2;
  private static final String ENCRYPTED =
      "This room is encrypted, and I cannot read it. Write to me in a room without encryption.";

  private final Vertx vertx;
  private final MatrixApi api;
  private final Cache<String, Boolean> direct =
      Caffeine.newBuilder().maximumSize(MAX_ROOMS).expireAfterWrite(KNOWN).build();

  MatrixRooms(Vertx vertx, MatrixApi api) {
    this.vertx = vertx;
    this.api = api;
  }

  private static String key(ChatConnection connection, String roomId) {
    return connection.id() + " " + roomId;
  }

  /**
   * Whether only one person and the bot are there.
   *
   * @return fails where the homeserver does not say
   */
  Future<Boolean> isDirect(ChatConnection connection, String roomId) {
    Boolean known = direct.getIfPresent(key(connection, roomId));
    if (known != null) {
      return Future.succeededFuture(known);
    }
    return api.get(connection, MatrixApi.room(roomId, "/joined_members"))
        .compose(
            reply ->
                switch (reply) {
                  case ChatReply.Ok ok -> {
                    boolean isDirect = ok.body().path("joined").size() <= TWO;
                    direct.put(key(connection, roomId), isDirect);
                    yield Future.succeededFuture(isDirect);
                  }
                  // The bot is not there any more.
                  case ChatReply.Refused refused when refused.status() == 403 ->
                      Future.succeededFuture(false);
                  case ChatReply _ ->
                      Future.failedFuture("The homeserver does not say who is in a room");
                });
  }

  /** Somebody came or went. */
  void changed(ChatConnection connection, String roomId) {
    direct.invalidate(key(connection, roomId));
  }

  /** Goes where the bot is invited. Another invitation is a new attempt. */
  void join(ChatConnection connection, String roomId) {
    join(connection, roomId, 1);
  }

  private void join(ChatConnection connection, String roomId, int attempt) {
    ObjectNode nothing = JsonNodeFactory.instance.objectNode();
    api.post(connection, MatrixApi.room(roomId, "/join"), nothing)
        .onSuccess(
            reply -> {
              boolean mayWork = !(reply instanceof ChatReply.Ok || isRefused(reply));
              if (mayWork && attempt < MAX_ATTEMPTS) {
                vertx.setTimer(
                    BACKOFF.after(attempt).toMillis(), _ -> join(connection, roomId, attempt + 1));
              } else if (!(reply instanceof ChatReply.Ok)) {
                LOG.atInfo()
                    .addKeyValue("tenantId", connection.tenantId())
                    .log("A room of Matrix cannot be joined: {}", reply);
              }
            });
  }

  private static boolean isRefused(ChatReply reply) {
    return reply instanceof ChatReply.Refused;
  }

  /** Says once in a while that the bot cannot read what is written here. */
  void sayEncrypted(ChatConnection connection, String roomId) {
    ObjectNode notice =
        JsonNodeFactory.instance.objectNode().put("msgtype", "m.notice").put("body", ENCRYPTED);
    // The homeserver takes a transaction id once.
    api.put(connection, MatrixApi.room(roomId, "/send/m.room.message/encrypted"), notice);
  }
}
