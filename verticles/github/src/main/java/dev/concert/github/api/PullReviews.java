package dev.concert.github.api;

import com.fasterxml.jackson.databind.JsonNode;
import io.vertx.core.Future;
import java.util.List;
import java.util.Optional;

/** Reviews of pull requests, with comments on lines. */
public interface PullReviews {
  /** What is said of a line of the new side. */
  record LineComment(String path, int line, String body) {}

  /** The files that it changes, each with its {@code patch} where the forge shows one. */
  Future<List<JsonNode>> files(int number);

  /** Whether there is a review of ours that contains a mark. */
  Future<Boolean> isThere(int number, String bot, String mark);

  /**
   * Says something about a pull request and its lines, without a verdict.
   *
   * @param commit that was looked at
   */
  Future<Void> review(int number, String commit, String body, List<LineComment> comments);

  /** Answers a comment on a line, in its thread; returns the id of the answer. */
  Future<String> reply(int pull, long comment, String body);

  Future<Void> editReply(String id, String body);

  /** A comment of ours on a line that contains a mark. */
  Future<Optional<String>> findReply(int pull, String bot, String mark);
}
