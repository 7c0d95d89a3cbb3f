package dev.concert.bridges.slack;

import com.fasterxml.jackson.databind.node.ArrayNode;
import dev.concert.bridges.platform.ChatConnection;
import dev.concert.bridges.platform.ChatText;
import dev.concert.bridges.slack.SlackStreams.Begun;
import dev.concert.foundation.outbox.OutboxMessage;
import dev.concert.foundation.outbox.SendOutcome;
import dev.concert.foundation.rate.CallRate;
import dev.concert.foundation.rate.RateBudgets;
import dev.concert.json.Json;
import io.vertx.core.Future;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Sends a text that grows in a thread as a stream of Slack: begins it, says what is new, and stops
 * it. Where Slack does not go on with a stream, the message is changed as a whole. Source:
 * https://docs.slack.dev/reference/methods/chat.startStream.
 */
final class SlackStreamSender {
  private static final String PREFIX = "stream:";

  /** Slack's tier 2, for each method and workspace. */
  private static final CallRate TIER_2 = CallRate.perMinute(20);

  private static final CallRate TIER_4 = CallRate.perMinute(100);

  private static final String TASK = "work";

  private final SlackSender sender;
  private final RateBudgets budgets;
  private final ChatConnection connection;
  private final SlackStreams streams;

  /**
   * @param sender of messages as a whole
   */
  SlackStreamSender(
      SlackSender sender, RateBudgets budgets, ChatConnection connection, SlackStreams streams) {
    this.sender = sender;
    this.budgets = budgets;
    this.connection = connection;
    this.streams = streams;
  }

  /** The stream that a message is now; empty for one that is whole. */
  static Optional<String> of(OutboxMessage message) {
    return message
        .remoteId()
        .filter(id -> id.startsWith(PREFIX))
        .map(id -> id.substring(PREFIX.length()));
  }

  /** What a message is as long as it is this stream. */
  static String remoteId(String ts) {
    return PREFIX + ts;
  }

  /** Completes when a stream may go on, or end. */
  Future<Void> permit(boolean isEnd) {
    return isEnd
        ? budgets.permit(scope("stop"), TIER_2)
        : budgets.permitPatient(scope("append"), TIER_4);
  }

  private String scope(String method) {
    return "slack %s %s".formatted(method, connection.id());
  }

  private String channel(OutboxMessage message) {
    return connection.id() + " " + SlackPlace.of(message).channel();
  }

  /** Whether a message may begin as a stream. It takes a place of those that Slack gives. */
  boolean mayBegin(OutboxMessage message, ChatText text) {
    return text.said() != null
        && text.reader() != null
        && !SlackPlace.of(message).thread().isEmpty()
        && !message.isEdit()
        && !streams.refusals().has(channel(message))
        && budgets.tryAcquire(scope("start"), TIER_2);
  }

  /** Begins a stream; where Slack wants none, the message is sent as a whole. */
  Future<SendOutcome> begin(OutboxMessage message, ChatText text) {
    SlackPlace place = SlackPlace.of(message);
    Map<String, String> fields = new HashMap<>();
    fields.put("channel", place.channel());
    fields.put("thread_ts", place.thread());
    fields.put("recipient_user_id", text.reader());
    fields.put("recipient_team_id", connection.account().id());
    fields.put("chunks", chunks(new Begun("", ""), text.said(), text.doing(), "in_progress"));
    return sender
        .call("chat.startStream", fields)
        .compose(
            reply ->
                switch (reply) {
                  case SlackReply.Ok ok -> {
                    String ts = ok.body().path("ts").asText("");
                    streams.put(connection.id(), ts, new Begun(text.said(), text.doing()));
                    yield Future.succeededFuture(new SendOutcome.Sent(remoteId(ts)));
                  }
                  case SlackReply.Limited limited -> {
                    budgets.block(scope("start"), limited.pause());
                    yield sender.whole(message, text, Optional.empty());
                  }
                  case SlackReply.Refused refused when !SlackSender.isOfCredentials(refused) -> {
                    streams.refusals().add(channel(message));
                    yield sender.whole(message, text, Optional.empty());
                  }
                  case SlackReply other ->
                      Future.succeededFuture(sender.outcome(message, other, "ts"));
                });
  }

  /** Says what is new, or ends the stream with it. */
  Future<SendOutcome> send(OutboxMessage message, ChatText text, String ts) {
    String said = text.said() == null ? text.text() : text.said();
    Optional<Begun> begun = streams.take(connection.id(), ts);
    if (begun.isEmpty() || !said.startsWith(begun.get().said()) || !text.buttons().isEmpty()) {
      return replace(message, text, ts);
    }
    return text.said() == null
        ? stop(message, text, ts, begun.get())
        : append(message, text, ts, begun.get());
  }

  private Future<SendOutcome> append(
      OutboxMessage message, ChatText text, String ts, Begun before) {
    Begun after = new Begun(text.said(), text.doing());
    String chunks = chunks(before, text.said(), text.doing(), "in_progress");
    if (chunks.equals("[]")) {
      streams.put(connection.id(), ts, after);
      return Future.succeededFuture(new SendOutcome.Sent(remoteId(ts)));
    }
    return sender
        .call(
            "chat.appendStream",
            Map.of("channel", SlackPlace.of(message).channel(), "ts", ts, "chunks", chunks))
        .compose(
            reply ->
                switch (reply) {
                  case SlackReply.Ok _ -> {
                    streams.put(connection.id(), ts, after);
                    yield Future.succeededFuture(new SendOutcome.Sent(remoteId(ts)));
                  }
                  case SlackReply other -> other(message, text, ts, before, other, "append");
                });
  }

  private Future<SendOutcome> stop(OutboxMessage message, ChatText text, String ts, Begun before) {
    Map<String, String> fields = ending(message, ts);
    String chunks = chunks(before, text.text(), before.doing(), "complete");
    if (!chunks.equals("[]")) {
      fields.put("chunks", chunks);
    }
    return sender
        .call("chat.stopStream", fields)
        .compose(
            reply ->
                reply instanceof SlackReply.Ok
                    ? Future.succeededFuture(new SendOutcome.Sent(ts))
                    : other(message, text, ts, before, reply, "stop"));
  }

  private Future<SendOutcome> other(
      OutboxMessage message,
      ChatText text,
      String ts,
      Begun before,
      SlackReply reply,
      String method) {
    return switch (reply) {
      case SlackReply.Refused refused when !SlackSender.isOfCredentials(refused) ->
          // Mostly Slack has ended it, or the person has.
          replace(message, text, ts);
      case SlackReply.Limited limited -> {
        streams.put(connection.id(), ts, before);
        budgets.block(scope(method), limited.pause());
        yield Future.succeededFuture(new SendOutcome.Wait(limited.pause()));
      }
      case SlackReply.Unreached unreached -> {
        streams.put(connection.id(), ts, before);
        yield Future.succeededFuture(new SendOutcome.Failed(unreached.reason()));
      }
      case SlackReply unknown -> Future.succeededFuture(sender.outcome(message, unknown, "ts"));
    };
  }

  /** Ends a stream of which it is not known how far it is, and says the whole text in its place. */
  private Future<SendOutcome> replace(OutboxMessage message, ChatText text, String ts) {
    return sender
        .call("chat.stopStream", ending(message, ts))
        .compose(
            reply ->
                switch (reply) {
                  case SlackReply.Ok _ -> sender.whole(message, text, Optional.of(ts));
                  // It has ended before.
                  case SlackReply.Refused refused when !SlackSender.isOfCredentials(refused) ->
                      sender.whole(message, text, Optional.of(ts));
                  case SlackReply.Limited limited -> {
                    budgets.block(scope("stop"), limited.pause());
                    yield Future.succeededFuture(new SendOutcome.Wait(limited.pause()));
                  }
                  case SlackReply other ->
                      Future.succeededFuture(sender.outcome(message, other, "ts"));
                });
  }

  private static Map<String, String> ending(OutboxMessage message, String ts) {
    Map<String, String> fields = new HashMap<>();
    fields.put("channel", SlackPlace.of(message).channel());
    fields.put("ts", ts);
    fields.put("metadata", SlackSender.metadata(message));
    return fields;
  }

  /** What is new: a piece of text, and what the agent does, as a task. */
  private static String chunks(Begun before, String said, String doing, String status) {
    ArrayNode chunks = Json.MAPPER.createArrayNode();
    String news = said.substring(before.said().length());
    if (!news.isEmpty()) {
      chunks.addObject().put("type", "markdown_text").put("text", news);
    }
    // What the agent did last is shown as done where it does nothing that has a name.
    String title = doing.isEmpty() ? before.doing() : doing;
    boolean isOver = status.equals("complete") || doing.isEmpty();
    if (!title.isEmpty() && (!doing.equals(before.doing()) || status.equals("complete"))) {
      chunks
          .addObject()
          .put("type", "task_update")
          .put("id", TASK)
          .put("title", title)
          .put("status", isOver ? "complete" : "in_progress");
    }
    return chunks.toString();
  }
}
