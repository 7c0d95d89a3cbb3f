package dev.concert.github.work;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.concert.foundation.client.GatewayClient;
import dev.concert.foundation.lease.FencedDatabase;
import dev.concert.json.Json;
import dev.concert.text.ShortText;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The permissions and questions that agents wait for, each a comment on its issue. Everything can
 * be done again. Thread-safe and non-blocking.
 */
final class IssueQuestions {
  /** To be run once on the database. */
  static final String SCHEMA =
      """
      CREATE TABLE issue_question (
        item TEXT NOT NULL,
        question TEXT NOT NULL,
        number INTEGER NOT NULL,
        asked TEXT NOT NULL,
        open INTEGER NOT NULL DEFAULT 1,
        PRIMARY KEY (item, question)
      ) WITHOUT ROWID;
      """;

  private static final int MAX_ARGUMENTS = 600;

  private final FencedDatabase database;
  private final CommentSink comments;

  /** Puts a comment on the issue of an item, or replaces the one with this key. */
  @FunctionalInterface
  interface CommentSink {
    Future<Void> put(String itemId, String key, String body);
  }

  /** A question that waits for an answer. */
  private record Open(String id, int number, JsonNode asked) {}

  /**
   * @param database with {@link #SCHEMA}
   */
  IssueQuestions(FencedDatabase database, CommentSink comments) {
    this.database = database;
    this.comments = comments;
  }

  /** Whether a question can be answered on an issue: what is free or secret cannot. */
  static boolean isForIssues(JsonNode event) {
    return event.path("type").asText().equals("permission_requested") || !options(event).isEmpty();
  }

  private static List<String> options(JsonNode event) {
    JsonNode only = event.path("questions").path(0);
    List<String> options = new ArrayList<>();
    if (event.path("questions").size() == 1 && only.path("kind").asText().equals("choice")) {
      only.path("options").forEach(one -> options.add(one.asText()));
    }
    return options;
  }

  /** The people on the issue of an item. */
  TurnFollow.People of(String itemId) {
    return new TurnFollow.People() {
      @Override
      public Future<Void> ask(JsonNode event) {
        return IssueQuestions.this.ask(itemId, event);
      }

      @Override
      public Future<Void> resolved(JsonNode event) {
        return IssueQuestions.this.resolved(itemId, event);
      }
    };
  }

  /** The turn waits. */
  private Future<Void> ask(String itemId, JsonNode event) {
    String id = event.path("questionId").asText();
    return database
        .update(
            """
            INSERT INTO issue_question (item, question, number, asked)
            SELECT ?1, ?2, 1 + COUNT(*), ?3 FROM issue_question WHERE item = ?1
            ON CONFLICT DO NOTHING
            """,
            Tuple.of(itemId, id, event.toString()))
        .compose(_ -> open(itemId))
        .compose(
            all ->
                all.stream()
                    .filter(one -> one.id().equals(id))
                    .findFirst()
                    .map(one -> comments.put(itemId, key(id), shown(one)))
                    .orElseGet(Future::succeededFuture));
  }

  /** A question is answered, wherever that was. */
  private Future<Void> resolved(String itemId, JsonNode event) {
    String id = event.path("questionId").asText();
    JsonNode approved = event.path("approved");
    String outcome =
        !approved.isBoolean() ? "Answered" : approved.asBoolean() ? "Allowed" : "Denied";
    return open(itemId)
        .map(all -> all.stream().filter(one -> one.id().equals(id)).findFirst())
        .compose(
            found ->
                found.isEmpty()
                    ? Future.succeededFuture()
                    : comments
                        .put(itemId, key(id), text(found.get()) + "\n\n_" + outcome + "._")
                        .compose(_ -> close(itemId, id)));
  }

  private static String key(String id) {
    return "question:" + id;
  }

  private Future<Void> close(String itemId, String id) {
    return database
        .update(
            "UPDATE issue_question SET open = 0 WHERE item = ? AND question = ?",
            Tuple.of(itemId, id))
        .mapEmpty();
  }

  /** The request that answers the question which is meant; empty where none is, or several are. */
  Future<Optional<ObjectNode>> answer(String itemId, String sessionId, IssueCommand said) {
    return open(itemId)
        .map(
            all -> {
              List<ObjectNode> meant = new ArrayList<>();
              for (Open one : all) {
                if (said.number() == 0 || said.number() == one.number()) {
                  answer(one, said).ifPresent(meant::add);
                }
              }
              return meant.size() == 1
                  ? Optional.of(meant.getFirst().put("sessionId", sessionId))
                  : Optional.empty();
            });
  }

  private static Optional<ObjectNode> answer(Open question, IssueCommand said) {
    ObjectNode answer = GatewayClient.request().put("questionId", question.id());
    List<String> options = options(question.asked());
    if (options.isEmpty()) {
      return switch (said.name()) {
        case YES -> Optional.of(answer.put("approved", true));
        case NO -> Optional.of(answer.put("approved", false));
        default -> Optional.empty();
      };
    }
    return options.stream()
        .filter(said.text()::equalsIgnoreCase)
        .findFirst()
        .map(
            option -> {
              String field = question.asked().path("questions").path(0).path("key").asText();
              answer.putObject("answers").put(field, option);
              return answer;
            });
  }

  private Future<List<Open>> open(String itemId) {
    return database
        .query(
            "SELECT question, number, asked FROM issue_question WHERE item = ? AND open = 1"
                + " ORDER BY number",
            Tuple.of(itemId))
        .map(
            rows -> {
              List<Open> all = new ArrayList<>();
              for (Row row : rows) {
                all.add(new Open(row.getString(0), row.getInteger(1), tree(row.getString(2))));
              }
              return all;
            });
  }

  private static JsonNode tree(String json) {
    try {
      return Json.MAPPER.readTree(json);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("A stored question is not JSON", e);
    }
  }

  private static String shown(Open question) {
    List<String> options = options(question.asked());
    List<String> answers =
        options.isEmpty()
            ? List.of("yes " + question.number(), "no " + question.number())
            : options;
    return text(question)
        + answers.stream()
            .map(one -> "`@concert " + one.replace('`', '\'') + "`")
            .collect(Collectors.joining(" or ", "\n\nAnswer ", "."));
  }

  private static String text(Open question) {
    JsonNode asked = question.asked();
    if (!options(asked).isEmpty()) {
      return "**" + asked.path("questions").path(0).path("prompt").asText() + "**";
    }
    JsonNode arguments = asked.path("arguments");
    String shown =
        arguments.isMissingNode() || arguments instanceof ArrayNode ? "" : arguments.toString();
    return "**May I use `%s`?**\n```\n%s\n```"
        .formatted(
            asked.path("toolName").asText(),
            (shown.length() > MAX_ARGUMENTS ? ShortText.of(shown, MAX_ARGUMENTS) + "…" : shown)
                .replace("```", "'''"));
  }
}
