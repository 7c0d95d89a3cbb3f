package dev.concert.github.webhook;

import com.fasterxml.jackson.databind.JsonNode;
import dev.concert.text.ShortText;
import java.util.ArrayList;
import java.util.List;

/** Reads what is beside the event itself in a webhook. */
final class GitHubDetailsReader {
  private static final int LONGEST = 4000;
  private static final int MANY = 100;

  /** What an event may be about, what says most first. */
  private static final List<String> SHOWN =
      List.of(
          "comment",
          "review",
          "issue",
          "pull_request",
          "check_run",
          "workflow_run",
          "installation");

  private GitHubDetailsReader() {}

  static GitHubDetails read(String name, JsonNode payload) {
    JsonNode pull = payload.path("pull_request");
    JsonNode about = payload.has("issue") ? payload.path("issue") : pull;
    JsonNode check =
        payload.has("workflow_run") ? payload.path("workflow_run") : payload.path("check_run");
    List<String> labels = new ArrayList<>();
    about.path("labels").forEach(label -> labels.add(text(label, "name")));
    return new GitHubDetails(
        name,
        text(payload, "action"),
        url(payload),
        text(about, "state"),
        List.copyOf(labels.subList(0, Math.min(MANY, labels.size()))),
        text(about.path("user"), "login"),
        text(pull.path("base"), "ref"),
        pull.has("head") ? text(pull.path("head"), "ref") : branch(check),
        pull.has("head")
            ? text(pull.path("head"), "sha")
            : text(check, "head_sha") + text(payload, "after"),
        isFork(payload, pull, check),
        text(payload.path("requested_reviewer"), "login")
            + text(payload.path("requested_team"), "slug"),
        payload.path("commits").size(),
        text(check, "name"),
        says(check),
        check.path("app").path("id").asLong(),
        text(about, "updated_at"));
  }

  private static String url(JsonNode payload) {
    return SHOWN.stream()
        .map(payload::path)
        .filter(part -> part.has("html_url"))
        .findFirst()
        .map(part -> text(part, "html_url"))
        .orElseGet(() -> text(payload, "compare"));
  }

  /** A branch of another repository may have any name, also that of one of ours. */
  private static boolean isFork(JsonNode payload, JsonNode pull, JsonNode check) {
    JsonNode head =
        pull.has("head") ? pull.path("head").path("repo") : check.path("head_repository");
    boolean isKnown = pull.has("head") || check.has("head_repository");
    return isKnown && head.path("id").asLong() != payload.path("repository").path("id").asLong();
  }

  private static String branch(JsonNode check) {
    return check.has("head_branch")
        ? text(check, "head_branch")
        : text(check.path("check_suite"), "head_branch");
  }

  private static String says(JsonNode check) {
    JsonNode output = check.path("output");
    StringBuilder says = new StringBuilder();
    for (String part :
        List.of(text(output, "title"), text(output, "summary"), text(check, "html_url"))) {
      if (!part.isBlank()) {
        says.append(part).append('\n');
      }
    }
    return says.toString().strip();
  }

  private static String text(JsonNode of, String field) {
    JsonNode value = of.path(field);
    String text = value.isNull() ? "" : value.asText("");
    return ShortText.of(text, LONGEST);
  }
}
