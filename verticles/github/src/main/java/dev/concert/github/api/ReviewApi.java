package dev.concert.github.api;

import static dev.concert.github.api.ForgeCalls.encode;
import static dev.concert.github.api.ForgeCalls.object;
import static dev.concert.github.api.RepositoryCalls.isBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertx.core.Future;
import io.vertx.core.http.HttpMethod;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Pull requests, as a reviewer sees them. */
final class ReviewApi implements PullReviews {
  private static final Map<String, String> READ = Map.of("pull_requests", "read");
  private static final Map<String, String> PULLS = Map.of("pull_requests", "write");

  private final RepositoryCalls calls;

  ReviewApi(RepositoryCalls calls) {
    this.calls = calls;
  }

  @Override
  public Future<List<JsonNode>> files(int number) {
    return calls.all(READ, "/pulls/" + number + "/files");
  }

  @Override
  public Future<Boolean> isThere(int number, String bot, String mark) {
    return calls
        .first(
            PULLS,
            "/pulls/" + number + "/reviews",
            one -> isBy(one, bot) && one.path("body").asText().contains(mark))
        .map(Optional::isPresent);
  }

  @Override
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

  @Override
  public Future<String> reply(int pull, long comment, String body) {
    return calls
        .write(
            PULLS,
            HttpMethod.POST,
            "/pulls/" + pull + "/comments/" + comment + "/replies",
            object().put("body", body))
        .map(made -> made.path("id").asText());
  }

  @Override
  public Future<Void> editReply(String id, String body) {
    return calls
        .write(PULLS, HttpMethod.PATCH, "/pulls/comments/" + encode(id), object().put("body", body))
        .mapEmpty();
  }

  @Override
  public Future<Optional<String>> findReply(int pull, String bot, String mark) {
    return calls
        .first(
            PULLS,
            "/pulls/" + pull + "/comments",
            one -> isBy(one, bot) && one.path("body").asText().contains(mark))
        .map(found -> found.map(one -> one.path("id").asText()));
  }
}
