package dev.concert.bridges.googlechat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.concert.bridges.http.ChatReply;
import dev.concert.bridges.platform.ChatConnection;
import dev.concert.bridges.platform.ChatInbox;
import dev.concert.bridges.platform.ChatReceiver;
import dev.concert.bridges.platform.InboundEvent;
import dev.concert.foundation.retry.Backoff;
import dev.concert.json.Json;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Pulls the events of an application out of a subscription of Pub/Sub. An event is acknowledged
 * once it was taken; one that was not comes again.
 */
final class GoogleChatPull implements ChatReceiver {
  private static final int AT_ONCE = 50;
  private static final Backoff BACKOFF =
      new Backoff(Duration.ofMillis(500), Duration.ofSeconds(30), 0.3);

  /** A pull that brings nothing at once is no reason to ask without end. */
  private static final Duration EMPTY = Duration.ofMillis(200);

  private final Vertx vertx;
  private final GoogleChatApi api;
  private final ChatConnection connection;
  private final ChatInbox inbox;
  private Health health = new Health(false, "Connecting to Google Chat.");
  private int failures;
  private boolean stopped;

  GoogleChatPull(Vertx vertx, GoogleChatApi api, ChatConnection connection, ChatInbox inbox) {
    this.vertx = vertx;
    this.api = api;
    this.connection = connection;
    this.inbox = inbox;
  }

  @Override
  public void start() {
    pull();
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

  private Future<ChatReply> call(String verb, JsonNode body) {
    return api.subscription(
        connection, connection.secret(GoogleChatPlatform.SUBSCRIPTION), verb, body);
  }

  private void pull() {
    if (stopped) {
      return;
    }
    call("pull", Json.MAPPER.createObjectNode().put("maxMessages", AT_ONCE))
        .onSuccess(
            reply -> {
              switch (reply) {
                case ChatReply.Ok ok -> take(ok.body().path("receivedMessages"));
                case ChatReply.Limited limited -> again(limited.pause());
                case ChatReply.Refused refused -> {
                  health =
                      new Health(
                          false, "Google does not give the subscription: " + refused.reason());
                  again(BACKOFF.after(++failures));
                }
                case ChatReply _ -> {
                  health = new Health(false, "Google does not answer now.");
                  again(BACKOFF.after(++failures));
                }
              }
            })
        .onFailure(_ -> again(BACKOFF.after(++failures)));
  }

  private void take(JsonNode received) {
    if (stopped) {
      return;
    }
    failures = 0;
    health = new Health(true, "Connected to Google Chat.");
    if (received.isEmpty()) {
      again(EMPTY);
      return;
    }
    List<InboundEvent> events = new ArrayList<>();
    ObjectNode acknowledged = Json.MAPPER.createObjectNode();
    ArrayNode ids = acknowledged.putArray("ackIds");
    for (JsonNode one : received) {
      events.addAll(GoogleChatReader.published(one.path("message")));
      ids.add(one.path("ackId").asText(""));
    }
    inbox
        .receive(events)
        .compose(_ -> call("acknowledge", acknowledged))
        // What is not acknowledged comes again, and is known then.
        .onSuccess(_ -> pull())
        .onFailure(_ -> again(BACKOFF.after(++failures)));
  }

  private void again(Duration pause) {
    if (!stopped) {
      vertx.setTimer(Math.max(1, pause.toMillis()), _ -> pull());
    }
  }
}
