package dev.concert.bridges.discord;

import com.fasterxml.jackson.databind.JsonNode;
import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.concert.bridges.http.ChatReply;
import dev.concert.bridges.platform.ChatConnection;
import dev.concert.bridges.platform.ChatInbox;
import dev.concert.bridges.platform.InboundEvent;
import io.vertx.core.Future;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Makes events of what the gateway says, and gives them to the inbox. */
final class DiscordEvents {
  /** Types of channels that are threads: in announcements, public, private. */
  private static final Set<Integer> THREADS = Set.of(10, 11, 12);

  private static final int MAX_CHANNELS = 20_000;

  private final DiscordApi api;
  private final ChatConnection connection;
  private final ChatInbox inbox;

  /** Whether a channel is a thread, which never changes. */
  private final Cache<String, Boolean> threads =
      Caffeine.newBuilder().maximumSize(MAX_CHANNELS).build();

  DiscordEvents(DiscordApi api, ChatConnection connection, ChatInbox inbox) {
    this.api = api;
    this.connection = connection;
    this.inbox = inbox;
  }

  /**
   * Takes an event.
   *
   * @return whether it was one of people
   */
  Future<Boolean> take(String type, JsonNode data) {
    return switch (type) {
      case "MESSAGE_CREATE" -> message(data);
      case "MESSAGE_UPDATE" -> receive(DiscordReader.edit(connection, data));
      case "MESSAGE_DELETE" -> receive(Optional.of(DiscordReader.deletion(data)));
      case "INTERACTION_CREATE" -> interaction(data);
      default -> Future.succeededFuture(false);
    };
  }

  private Future<Boolean> message(JsonNode message) {
    boolean mayOpenThread =
        message.hasNonNull("guild_id") && DiscordReader.isMention(connection, message);
    Future<Boolean> isThread =
        mayOpenThread
            ? isThread(message.path("channel_id").asText(""))
            : Future.succeededFuture(true);
    return isThread.compose(thread -> receive(DiscordReader.message(connection, message, thread)));
  }

  private Future<Boolean> receive(Optional<InboundEvent> event) {
    return event.isEmpty()
        ? Future.succeededFuture(false)
        : inbox.receive(List.of(event.get())).map(true);
  }

  private Future<Boolean> isThread(String channel) {
    Boolean known = threads.getIfPresent(channel);
    if (known != null) {
      return Future.succeededFuture(known);
    }
    return api.get(connection.secret(DiscordPlatform.BOT_TOKEN), "/channels/" + channel)
        .compose(
            reply ->
                switch (reply) {
                  case ChatReply.Ok ok -> {
                    boolean is = THREADS.contains(ok.body().path("type").asInt());
                    threads.put(channel, is);
                    yield Future.succeededFuture(is);
                  }
                  // A channel that we may not look at is no place for a new thread.
                  case ChatReply.Refused _ -> Future.succeededFuture(true);
                  case ChatReply _ -> Future.failedFuture("Discord does not say what a channel is");
                });
  }

  /** Discord waits three seconds: it gets "we have it" before anything else is done. */
  private Future<Boolean> interaction(JsonNode interaction) {
    Optional<InboundEvent> event = DiscordReader.interaction(interaction);
    if (event.isEmpty()) {
      return Future.succeededFuture(false);
    }
    String path =
        "/interactions/%s/%s/callback"
            .formatted(interaction.path("id").asText(), interaction.path("token").asText());
    return api.post("", path, DiscordCommand.deferred(event.get()))
        .compose(
            reply ->
                receive(
                    DiscordApi.code(reply) == DiscordApi.UNKNOWN_INTERACTION
                        ? event.map(DiscordEvents::unanswerable)
                        : event));
  }

  /** Too late for an answer of its own: it is answered in the channel. */
  private static InboundEvent unanswerable(InboundEvent event) {
    return new InboundEvent(
        event.kind(),
        event.eventId(),
        event.conversation(),
        event.channel(),
        event.sender(),
        event.text(),
        event.isDirect(),
        event.isMention());
  }
}
