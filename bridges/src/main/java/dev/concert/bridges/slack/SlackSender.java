package dev.concert.bridges.slack;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.concert.bridges.platform.ChatConnection;
import dev.concert.bridges.platform.ChatText;
import dev.concert.bridges.platform.ChatText.Stage;
import dev.concert.bridges.platform.OutboundFile;
import dev.concert.foundation.outbox.OutboxMessage;
import dev.concert.foundation.outbox.OutboxSender;
import dev.concert.foundation.outbox.SendOutcome;
import dev.concert.foundation.rate.CallRate;
import dev.concert.foundation.rate.RateBudgets;
import dev.concert.json.Json;
import dev.concert.text.ShortText;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Sends the messages of a connection to Slack, at Slack's pace. */
final class SlackSender implements OutboxSender {
  /** A message carries its key in here, by which it is found again. */
  static final String METADATA = "concert_message";

  private static final CallRate POST = CallRate.oneIn(Duration.ofSeconds(1));

  /** Slack's tier 3, for each method and workspace. */
  private static final CallRate TIER_3 = CallRate.perMinute(50);

  private static final int MAX_PAGES = 10;
  private static final int MAX_SECTION = 2900;
  private static final int MAX_LABEL = 75;
  private static final Set<String> GONE =
      Set.of("message_not_found", "cant_update_message", "edit_window_closed");
  private static final Set<String> CANNOT_LOOK =
      Set.of("missing_scope", "channel_not_found", "not_in_channel", "thread_not_found");

  private static final Set<String> BAD_TOKEN =
      Set.of("token_revoked", "token_expired", "invalid_auth", "account_inactive", "not_authed");

  private final SlackApi api;
  private final RateBudgets budgets;
  private final ChatConnection connection;
  private final SlackStreamSender streams;

  SlackSender(SlackApi api, RateBudgets budgets, ChatConnection connection, SlackStreams streams) {
    this.api = api;
    this.budgets = budgets;
    this.connection = connection;
    this.streams = new SlackStreamSender(this, budgets, connection, streams);
  }

  /** Changes of a text that still grows leave room for texts that are whole. */
  @Override
  public Future<Void> permit(OutboxMessage message) {
    if (!message.isEdit()) {
      return budgets.permit(scope(message), POST);
    }
    boolean isGrowing = ChatText.ofJson(message.content()).stage() == Stage.WORKING;
    if (SlackStreamSender.of(message).isPresent()) {
      return streams.permit(!isGrowing);
    }
    return isGrowing
        ? budgets.permitPatient(scope(message), TIER_3)
        : budgets.permit(scope(message), TIER_3);
  }

  private String scope(OutboxMessage message) {
    return message.isEdit()
        ? "slack update " + connection.id()
        : "slack post %s %s".formatted(connection.id(), SlackPlace.of(message).channel());
  }

  @Override
  public Future<SendOutcome> send(OutboxMessage message) {
    ChatText text = ChatText.ofJson(message.content());
    Optional<String> stream = SlackStreamSender.of(message);
    if (stream.isPresent()) {
      return streams.send(message, text, stream.get());
    }
    return streams.mayBegin(message, text)
        ? streams.begin(message, text)
        : whole(message, text, message.remoteId());
  }

  /**
   * Sends a text as a whole.
   *
   * @param ts of the message that it replaces; empty for a new one
   */
  Future<SendOutcome> whole(OutboxMessage message, ChatText text, Optional<String> ts) {
    SlackPlace place = SlackPlace.of(message);
    Map<String, String> fields = new HashMap<>();
    fields.put("channel", place.channel());
    fields.put("text", SlackMarkdown.render(text.text()));
    fields.put("blocks", blocks(text));
    if (ts.isPresent()) {
      fields.put("ts", ts.get());
      fields.put("metadata", metadata(message));
      return call("chat.update", fields).map(reply -> outcome(message, reply, "ts"));
    }
    if (!place.thread().isEmpty()) {
      fields.put("thread_ts", place.thread());
    }
    if (text.onlyFor() != null) {
      fields.put("user", text.onlyFor());
      return call("chat.postEphemeral", fields).map(reply -> outcome(message, reply, "message_ts"));
    }
    fields.put("unfurl_links", "false");
    fields.put("metadata", metadata(message));
    return call("chat.postMessage", fields).map(reply -> outcome(message, reply, "ts"));
  }

  /** A file has no metadata: it cannot be looked up. */
  Future<SendOutcome> send(OutboxMessage message, OutboundFile file) {
    SlackPlace place = SlackPlace.of(message);
    return new SlackUpload(api, connection.secret(SlackPlatform.BOT_TOKEN))
        .send(place.channel(), place.thread(), file)
        .map(
            reply ->
                reply instanceof SlackReply.Ok ok
                    ? new SendOutcome.Sent(ok.body().path("files").path(0).path("id").asText(""))
                    : outcome(message, reply, "id"));
  }

  Future<SlackReply> call(String method, Map<String, String> fields) {
    return api.call(connection.secret(SlackPlatform.BOT_TOKEN), method, fields);
  }

  SendOutcome outcome(OutboxMessage message, SlackReply reply, String idField) {
    return switch (reply) {
      case SlackReply.Ok ok -> new SendOutcome.Sent(ok.body().path(idField).asText());
      case SlackReply.Limited limited -> {
        budgets.block(scope(message), limited.pause());
        yield new SendOutcome.Wait(limited.pause());
      }
      case SlackReply.Refused refused when message.isEdit() && GONE.contains(refused.error()) ->
          new SendOutcome.Vanished();
      case SlackReply.Refused refused ->
          new SendOutcome.Refused(refused.error(), isOfCredentials(refused));
      case SlackReply.Unreached unreached -> new SendOutcome.Failed(unreached.reason());
      case SlackReply.Unknown unknown -> new SendOutcome.Unknown(unknown.reason());
    };
  }

  static boolean isOfCredentials(SlackReply.Refused refused) {
    return BAD_TOKEN.contains(refused.error());
  }

  static String metadata(OutboxMessage message) {
    ObjectNode metadata = Json.MAPPER.createObjectNode().put("event_type", METADATA);
    metadata.putObject("event_payload").put("key", message.key());
    return metadata.toString();
  }

  /** Buttons need blocks; without them the text alone is shown, and blocks of before go away. */
  private static String blocks(ChatText text) {
    ArrayNode blocks = Json.MAPPER.createArrayNode();
    if (text.buttons().isEmpty()) {
      return blocks.toString();
    }
    String shown = SlackMarkdown.render(text.text());
    blocks
        .addObject()
        .put("type", "section")
        .putObject("text")
        .put("type", "mrkdwn")
        .put("text", shown.length() > MAX_SECTION ? ShortText.of(shown, MAX_SECTION) + "…" : shown);
    ArrayNode elements = blocks.addObject().put("type", "actions").putArray("elements");
    int index = 0;
    for (ChatText.Button button : text.buttons()) {
      ObjectNode element = elements.addObject().put("type", "button");
      element
          .putObject("text")
          .put("type", "plain_text")
          .put("text", ShortText.marked(button.label(), MAX_LABEL));
      element.put("action_id", "concert_" + index++).put("value", button.value());
      if (button.isPrimary()) {
        element.put("style", "primary");
      }
    }
    return blocks.toString();
  }

  @Override
  public Future<LookUp> lookUp(OutboxMessage message) {
    ChatText text = ChatText.ofJson(message.content());
    return text.onlyFor() != null || text.file() != null
        ? Future.succeededFuture(new LookUp.Impossible())
        : lookUp(message, new LookUp.Absent(), "", 0);
  }

  private Future<LookUp> lookUp(OutboxMessage message, LookUp soFar, String cursor, int page) {
    SlackPlace place = SlackPlace.of(message);
    Map<String, String> fields = new HashMap<>();
    fields.put("channel", place.channel());
    fields.put("include_all_metadata", "true");
    fields.put("limit", "200");
    if (!cursor.isEmpty()) {
      fields.put("cursor", cursor);
    }
    if (!place.thread().isEmpty()) {
      fields.put("ts", place.thread());
    }
    String method = place.thread().isEmpty() ? "conversations.history" : "conversations.replies";
    return call(method, fields)
        .compose(
            reply ->
                switch (reply) {
                  case SlackReply.Ok ok -> found(message, soFar, ok.body(), page);
                  case SlackReply.Refused refused when CANNOT_LOOK.contains(refused.error()) ->
                      Future.succeededFuture(new LookUp.Impossible());
                  case SlackReply.Limited limited -> {
                    budgets.block(scope(message), limited.pause());
                    yield Future.failedFuture("rate");
                  }
                  case SlackReply other -> Future.failedFuture(other.toString());
                });
  }

  /**
   * A stream gets its key when it ends: one of ours that has none was being begun when the call was
   * cut. In a thread one message is sent at a time.
   */
  private Future<LookUp> found(OutboxMessage message, LookUp soFar, JsonNode body, int page) {
    LookUp found = soFar;
    for (JsonNode one : body.path("messages")) {
      JsonNode metadata = one.path("metadata");
      if (metadata.path("event_type").asText().equals(METADATA)) {
        if (metadata.path("event_payload").path("key").asText().equals(message.key())) {
          return Future.succeededFuture(new LookUp.Found(one.path("ts").asText()));
        }
      } else if (isStream(message, one)) {
        found = new LookUp.Found(SlackStreamSender.remoteId(one.path("ts").asText()));
      }
    }
    String next = body.path("response_metadata").path("next_cursor").asText();
    return next.isEmpty() || page + 1 >= MAX_PAGES
        ? Future.succeededFuture(found)
        : lookUp(message, found, next, page + 1);
  }

  private boolean isStream(OutboxMessage message, JsonNode one) {
    return !SlackPlace.of(message).thread().isEmpty()
        && one.hasNonNull("bot_id")
        && one.path("user").asText().equals(connection.account().botUserId())
        && one.path("files").isEmpty();
  }
}
