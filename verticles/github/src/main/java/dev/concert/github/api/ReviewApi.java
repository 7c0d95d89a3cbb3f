package dev.concert.github.api;

import static dev.concert.github.api.RepositoryCalls.isBy;
import static dev.concert.github.api.RepositoryCalls.object;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertx.core.Future;
import io.vertx.core.http.HttpMethod;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Pull requests, as a reviewer sees them. */
public final class ReviewApi {
  private static final Map<String, String> READ = Map.of("pull_requests", "read");
  private static final Map<String, String> PULLS = Map.of("pull_requests", "write");

  private final RepositoryCalls calls;

  ReviewApi(RepositoryCalls calls) {
    this.calls = calls;
  }

  /** What is said of a line of the new side. */
  public record LineComment(String path, int line, String body) {}

  /** A pull request: its {@code head}, its {@code base}; empty where there is none. */
  public Future<Optional<JsonNode>> pull(int number) {
    return calls.find(READ, "/pulls/" + number);
  }

  /** The files that it changes, each with its {@code patch} where GitHub shows one. */
  public Future<List<JsonNode>> files(int number) {
    return calls.all(READ, "/pulls/" + number + "/files");
  }

  /** Whether there is a review of ours that contains a mark. */
  public Future<Boolean> isThere(int number, String bot, String mark) {
    return calls
        .first(
            PULLS,
            "/pulls/" + number + "/reviews",
            one -> isBy(one, bot) && one.path("body").asText().contains(mark))
        .map(Optional::isPresent);
  }

  /**
   * Says something about a pull request and its lines, without a verdict.
   *
   * @param commit that was looked at
   */
  public Future<Void> review(int number, String commit, String body, List<LineComment> comments) {
    ObjectNode review = object().put("commit_id", commit).put("event", "COMMENT").put("body", body);
    ArrayNode array = review.putArray("comments");
    for (LineComment one : comments) {
      array
          .addObject()
          .put("path", one.path())
          .put("line", one.line())
          .put("side", "RIGHT")
          .put("body", one.body());
    }
    return calls.write(PULLS, HttpMethod.POST, "/pulls/" + number + "/reviews", review).mapEmpty();
  }
}
