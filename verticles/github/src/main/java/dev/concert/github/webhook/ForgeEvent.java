package dev.concert.github.webhook;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.concert.json.Json;

/**
 * Something that happened, as GitHub told it then. Numbers are 0 and texts empty where it has none.
 *
 * @param owner login of the repository's account
 * @param number of the issue or pull request
 * @param sender login of whoever did it
 * @param isBot whether that is a program
 * @param text what was written
 * @param commentId of the comment or review that was written
 * @param subject where to react, below the repository, such as {@code /issues/1}
 * @param detail the label, the assignee, the branch, or the conclusion
 * @param path of the file that a review comment is about
 * @param line in that file
 * @param hunk of the diff around it
 * @param more for those who look closer
 */
public record ForgeEvent(
    ForgeEventType type,
    long installation,
    String owner,
    String repository,
    long repositoryId,
    int number,
    String sender,
    long senderId,
    boolean isBot,
    String title,
    String body,
    String text,
    long commentId,
    String subject,
    String detail,
    String path,
    int line,
    String hunk,
    GitHubDetails more) {
  /** The inbox may have an event of an earlier version. */
  public ForgeEvent {
    more = more == null ? GitHubDetails.NONE : more;
  }

  /** Whether it is about a pull request. */
  public boolean isAboutPull() {
    return type.name().startsWith("PR_");
  }

  /** The same, in this installation of an App. */
  public ForgeEvent in(long found) {
    return new ForgeEvent(
        type,
        found,
        owner,
        repository,
        repositoryId,
        number,
        sender,
        senderId,
        isBot,
        title,
        body,
        text,
        commentId,
        subject,
        detail,
        path,
        line,
        hunk,
        more);
  }

  /** Whether it is a comment on a line of a diff. */
  public boolean isOnLine() {
    return !path.isEmpty();
  }

  public String toJson() {
    try {
      return Json.MAPPER.writeValueAsString(this);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("An event cannot be written as JSON", e);
    }
  }

  /** Reads what {@link #toJson} wrote. */
  public static ForgeEvent ofJson(String json) {
    try {
      return Json.MAPPER.readValue(json, ForgeEvent.class);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("An event of the inbox is not JSON", e);
    }
  }
}
