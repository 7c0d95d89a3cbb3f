package dev.concert.github.work;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.concert.github.api.IssueRef;
import dev.concert.github.api.RepositoryName;
import dev.concert.json.Json;

/**
 * A comment on a forge.
 *
 * @param owner as the repository was called when the comment was written
 * @param number of the issue or pull request
 * @param isChange whether it is a pull request
 * @param inReplyTo the review comment that it answers; 0 for none
 */
record WorkComment(
    long installation,
    String owner,
    String repository,
    long repositoryId,
    int number,
    boolean isChange,
    long inReplyTo,
    String body) {
  /** GitHub's limit; the others take more. */
  private static final int LONGEST = 65_536;

  private static final int MARGIN = 200;

  RepositoryName repositoryName() {
    return new RepositoryName(owner, repository);
  }

  IssueRef issue() {
    return new IssueRef(number, isChange);
  }

  boolean isReply() {
    return inReplyTo != 0;
  }

  /** What nobody sees in a comment, and no person writes. */
  static String mark(String key) {
    return "<!-- concert:%s -->".formatted(key);
  }

  String marked(String key) {
    return marked(body, key);
  }

  /** A text with a mark, no longer than a forge takes. */
  static String marked(String body, String key) {
    int room = LONGEST - MARGIN - mark(key).length();
    String shown = body.length() <= room ? body : body.substring(0, room) + "\n\n… (cut)";
    return shown + "\n\n" + mark(key);
  }

  String toJson() {
    try {
      return Json.MAPPER.writeValueAsString(this);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("A comment cannot be written as JSON", e);
    }
  }

  static WorkComment ofJson(String json) {
    try {
      return Json.MAPPER.readValue(json, WorkComment.class);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("A comment of the outbox is not JSON", e);
    }
  }
}
