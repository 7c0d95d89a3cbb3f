package dev.concert.github.gitea;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.concert.github.connection.ForgeConnection;
import dev.concert.github.webhook.ForgeEvent;
import dev.concert.github.webhook.GitHubEventReader;
import java.util.Optional;

/**
 * Makes events of Gitea's webhooks. They are GitHub's but for a few things, which are mended before
 * they are read as such.
 *
 * <p>Source: https://docs.gitea.com/usage/repository/webhooks
 */
final class GiteaEventReader {
  private static final String PULL = "pull_request";

  private GiteaEventReader() {}

  /**
   * What a webhook says; empty where it does not concern Concert.
   *
   * @param name the header {@code X-Gitea-Event}
   */
  static Optional<ForgeEvent> read(ForgeConnection connection, String name, JsonNode payload) {
    if (!(payload instanceof ObjectNode told)) {
      return Optional.empty();
    }
    ObjectNode mended = told.deepCopy();
    sender(connection, mended);
    if (mended.get("issue") instanceof ObjectNode issue) {
      if (!mended.path("is_pull").asBoolean()) {
        issue.remove(PULL);
      }
      if (!action(connection, mended, issue)) {
        return Optional.empty();
      }
    }
    if (mended.path("action").asText().equals("synchronized")) {
      mended.put("action", "synchronize");
    }
    return GitHubEventReader.read(name, mended);
  }

  private static void sender(ForgeConnection connection, ObjectNode payload) {
    if (payload.get("sender") instanceof ObjectNode sender) {
      boolean isOurs = sender.path("login").asText().equals(connection.bot());
      sender.put("type", isOurs ? "Bot" : "User");
    }
  }

  /** Gitea says that labels or assignees changed, and which there are now. */
  private static boolean action(ForgeConnection connection, ObjectNode payload, JsonNode issue) {
    switch (payload.path("action").asText()) {
      case "label_updated" -> {
        payload.put("action", "labeled");
        return copy(issue.path("labels"), "name", connection.label(), payload.putObject("label"));
      }
      case "assigned" -> {
        return copy(
            issue.path("assignees"), "login", connection.bot(), payload.putObject("assignee"));
      }
      default -> {
        return true;
      }
    }
  }

  private static boolean copy(JsonNode list, String field, String wanted, ObjectNode into) {
    for (JsonNode one : list) {
      if (one.path(field).asText().equalsIgnoreCase(wanted)) {
        into.put(field, one.path(field).asText());
        return true;
      }
    }
    return false;
  }
}
