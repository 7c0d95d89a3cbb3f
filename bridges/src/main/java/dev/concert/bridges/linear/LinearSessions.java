package dev.concert.bridges.linear;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.concert.bridges.http.ChatReply;
import dev.concert.bridges.platform.ChatConnection;
import dev.concert.bridges.platform.EarlierMessage;
import dev.concert.bridges.platform.InboundEvent;
import dev.concert.json.Json;
import io.vertx.core.Future;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What is done about an agent session beside its messages. */
final class LinearSessions {
  private static final String SESSION =
      "query agentSession($id: String!) { agentSession(id: $id) { comment { id } issue { id"
          + " identifier title description delegate { id } state { type }"
          + " team { states(filter: { type: { eq: \"started\" } }) { nodes { id position } } }"
          + " comments(last: 50) { nodes { id body createdAt user { name } } } } } }";
  private static final String MOVE =
      "mutation issueUpdate($id: String!, $input: IssueUpdateInput!)"
          + " { issueUpdate(id: $id, input: $input) { success } }";

  private final LinearApi api;
  private final Optional<URI> page;

  /**
   * @param page of Concert; empty if its address is unknown
   */
  LinearSessions(LinearApi api, Optional<URI> page) {
    this.api = api;
    this.page = page;
  }

  /** Linear shows a session as dead where nothing happens for ten seconds. */
  Future<Void> seen(ChatConnection connection, InboundEvent event) {
    ObjectNode variables = Json.MAPPER.createObjectNode();
    variables.set(
        "input",
        LinearActivity.passing(
            event.conversation(),
            LinearActivity.id("%s\n%s\nseen".formatted(connection.id(), event.eventId())),
            "_Working …_"));
    // Whatever comes next is shown in any case.
    return api.call(connection.secrets(), LinearSender.CREATE, variables).mapEmpty();
  }

  /** Links to the session on Concert's page, and moves an issue that is delegated to us. */
  Future<Void> begun(ChatConnection connection, InboundEvent event, String sessionId) {
    return link(connection, event, sessionId).compose(_ -> move(connection, event));
  }

  private Future<?> link(ChatConnection connection, InboundEvent event, String sessionId) {
    if (page.isEmpty()) {
      return Future.succeededFuture();
    }
    ObjectNode variables = Json.MAPPER.createObjectNode().put("id", event.conversation());
    variables
        .putObject("input")
        .putArray("addedExternalUrls")
        .addObject()
        .put("label", "Concert")
        .put("url", "%s/#session=%s".formatted(page.get(), sessionId));
    return api.call(connection.secrets(), LinearSender.UPDATE, variables);
  }

  private Future<Void> move(ChatConnection connection, InboundEvent event) {
    return session(connection, event)
        .compose(
            session -> {
              JsonNode issue = session.path("issue");
              String state = issue.path("state").path("type").asText("");
              boolean isWaiting =
                  List.of("triage", "backlog", "unstarted").contains(state)
                      && issue
                          .path("delegate")
                          .path("id")
                          .asText("")
                          .equals(connection.account().botUserId());
              return isWaiting
                  ? first(issue)
                      .map(
                          started ->
                              moved(connection, issue.path("id").asText(), started)
                                  .<Void>mapEmpty())
                      .orElseGet(Future::succeededFuture)
                  : Future.succeededFuture();
            });
  }

  /** The first of the states that mean that somebody works on it. */
  private static Optional<String> first(JsonNode issue) {
    Optional<JsonNode> first = Optional.empty();
    for (JsonNode state : issue.path("team").path("states").path("nodes")) {
      double position = state.path("position").asDouble();
      if (first.isEmpty() || position < first.get().path("position").asDouble()) {
        first = Optional.of(state);
      }
    }
    return first.map(state -> state.path("id").asText());
  }

  private Future<ChatReply> moved(ChatConnection connection, String issue, String state) {
    ObjectNode variables = Json.MAPPER.createObjectNode().put("id", issue);
    variables.putObject("input").put("stateId", state);
    return api.call(connection.secrets(), MOVE, variables);
  }

  /** Only for an event that begins a session; else an empty object. */
  private Future<JsonNode> session(ChatConnection connection, InboundEvent event) {
    return event.eventId().startsWith(LinearReader.BEGUN)
        ? api.call(
                connection.secrets(),
                SESSION,
                Json.MAPPER.createObjectNode().put("id", event.conversation()))
            .map(
                reply ->
                    reply instanceof ChatReply.Ok ok
                        ? ok.body().path("agentSession")
                        : Json.MAPPER.createObjectNode())
        : Future.succeededFuture(Json.MAPPER.createObjectNode());
  }

  /** The issue, and what people wrote below it before the comment that named us. */
  Future<List<EarlierMessage>> earlier(ChatConnection connection, InboundEvent event, int max) {
    return session(connection, event).map(session -> earlier(session, max));
  }

  private static List<EarlierMessage> earlier(JsonNode session, int max) {
    JsonNode issue = session.path("issue");
    String asked = session.path("comment").path("id").asText("");
    if (asked.isEmpty() || !issue.isObject()) {
      return List.of();
    }
    List<EarlierMessage> earlier = new ArrayList<>();
    for (JsonNode comment : issue.path("comments").path("nodes")) {
      if (comment.path("id").asText("").equals(asked)) {
        break;
      }
      earlier.add(
          new EarlierMessage(
              comment.path("user").path("name").asText(""), comment.path("body").asText("")));
    }
    List<EarlierMessage> newest =
        new ArrayList<>(earlier.subList(Math.max(0, earlier.size() - (max - 1)), earlier.size()));
    newest.addFirst(
        new EarlierMessage(
            "issue " + issue.path("identifier").asText(""),
            "%s\n%s"
                .formatted(issue.path("title").asText(""), issue.path("description").asText(""))
                .strip()));
    return newest;
  }
}
