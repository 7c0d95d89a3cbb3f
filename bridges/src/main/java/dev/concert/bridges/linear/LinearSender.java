package dev.concert.bridges.linear;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.concert.bridges.http.ChatReply;
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
import io.vertx.core.Future;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;

/** Sends the messages of a connection to Linear as activities. */
final class LinearSender implements OutboxSender {
  static final String CREATE =
      "mutation agentActivityCreate($input: AgentActivityCreateInput!)"
          + " { agentActivityCreate(input: $input) { success agentActivity { id } } }";
  static final String UPDATE =
      "mutation agentSessionUpdate($id: String!, $input: AgentSessionUpdateInput!)"
          + " { agentSessionUpdate(id: $id, input: $input) { success } }";
  private static final String FIND =
      "query agentActivity($id: String!) { agentActivity(id: $id) { id } }";

  /** Linear allows an app 5,000 calls an hour. */
  private static final CallRate RATE = new CallRate(20, Duration.ofSeconds(15));

  private final LinearApi api;
  private final LinearFiles files;
  private final RateBudgets budgets;
  private final ChatConnection connection;
  private final Optional<URI> page;

  /**
   * @param page where people pair; empty for none
   */
  LinearSender(
      LinearApi api,
      LinearFiles files,
      RateBudgets budgets,
      ChatConnection connection,
      Optional<URI> page) {
    this.api = api;
    this.files = files;
    this.budgets = budgets;
    this.connection = connection;
    this.page = page;
  }

  private String scope() {
    return "linear " + connection.id();
  }

  @Override
  public Future<Void> permit(OutboxMessage message) {
    return budgets.permit(scope(), RATE);
  }

  @Override
  public Future<SendOutcome> send(OutboxMessage message) {
    ChatText text = ChatText.ofJson(message.content());
    String session = ChatConnection.conversationOf(message);
    if (text.stage() == Stage.PLAN) {
      ObjectNode variables = Json.MAPPER.createObjectNode().put("id", session);
      variables.set("input", LinearActivity.plan(text.text()));
      return call(UPDATE, variables).map(reply -> outcome(reply, session));
    }
    return create(message, text);
  }

  /** A link to a file is a thought: an answer would end the session. */
  Future<SendOutcome> send(OutboxMessage message, OutboundFile file) {
    return files
        .upload(connection.secrets(), file)
        .compose(
            reply ->
                reply instanceof ChatReply.Ok ok
                    ? create(
                        message,
                        ChatText.of(
                                "[%s](%s)"
                                    .formatted(
                                        file.name().replaceAll("[\\[\\]]", "_"),
                                        ok.body().path("assetUrl").asText("")))
                            .at(Stage.WORKING))
                    : Future.succeededFuture(
                        reply instanceof ChatReply.Unknown unknown
                            ? new SendOutcome.Failed(unknown.reason())
                            : outcome(reply, "")));
  }

  private Future<SendOutcome> create(OutboxMessage message, ChatText text) {
    ObjectNode variables = Json.MAPPER.createObjectNode();
    variables.set(
        "input",
        LinearActivity.of(ChatConnection.conversationOf(message), id(message), text, page));
    return call(CREATE, variables)
        .compose(
            reply ->
                reply instanceof ChatReply.Refused refused
                    ? orThere(message, refused)
                    : Future.succeededFuture(outcome(reply, id(message))));
  }

  /** Each version of a message is an activity of its own. */
  private static String id(OutboxMessage message) {
    return LinearActivity.id(
        "%s\n%s\n%d".formatted(message.conversation(), message.key(), message.version()));
  }

  private Future<ChatReply> call(String query, ObjectNode variables) {
    return api.call(connection.secrets(), query, variables)
        .onSuccess(
            reply -> {
              if (reply instanceof ChatReply.Limited limited) {
                budgets.block(scope(), limited.pause());
              }
            });
  }

  private static SendOutcome outcome(ChatReply reply, String id) {
    return reply.outcome(_ -> id);
  }

  /** Linear also refuses what it has already. */
  private Future<SendOutcome> orThere(OutboxMessage message, ChatReply.Refused refused) {
    return lookUp(message)
        .map(
            found ->
                found instanceof LookUp.Found there
                    ? new SendOutcome.Sent(there.remoteId())
                    : outcome(refused, ""));
  }

  @Override
  public Future<LookUp> lookUp(OutboxMessage message) {
    String id = id(message);
    return call(FIND, Json.MAPPER.createObjectNode().put("id", id))
        .compose(
            reply ->
                switch (reply) {
                  case ChatReply.Ok ok when ok.body().path("agentActivity").isObject() ->
                      Future.succeededFuture(new LookUp.Found(id));
                  case ChatReply.Ok _, ChatReply.Refused _ ->
                      Future.succeededFuture(new LookUp.Absent());
                  case ChatReply other -> Future.failedFuture(other.toString());
                });
  }
}
