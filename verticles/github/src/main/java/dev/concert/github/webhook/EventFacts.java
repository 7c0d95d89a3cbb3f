package dev.concert.github.webhook;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * What is told of an event besides what work needs. Texts are empty where GitHub has none.
 *
 * @param url of the page on GitHub that shows it
 * @param branch that it is about
 * @param commit that the branch is at
 * @param name of the check, the workflow, or the reviewer who is asked for
 * @param count of the commits that came
 */
public record EventFacts(String url, String branch, String commit, String name, int count) {
  static final EventFacts NONE = new EventFacts("", "", "", "", 0);

  private static final int LONGEST = 1000;
  private static final String BRANCH = "refs/heads/";

  static EventFacts of(GitHubEventType type, JsonNode payload) {
    return switch (type) {
      case ISSUE_OPENED, ISSUE_CLOSED, ISSUE_REOPENED, ISSUE_ASSIGNED, ISSUE_LABELED ->
          new EventFacts(text(payload, "/issue/html_url"), "", "", "", 0);
      case ISSUE_COMMENTED -> new EventFacts(text(payload, "/comment/html_url"), "", "", "", 0);
      case PR_OPENED, PR_UPDATED, PR_CLOSED, PR_MERGED -> ofPull(payload, "/pull_request", "");
      case PR_REVIEW_REQUESTED ->
          ofPull(
              payload,
              "/pull_request",
              text(payload, "/requested_reviewer/login") + text(payload, "/requested_team/slug"));
      case PR_REVIEWED -> ofPull(payload, "/review", "");
      case PR_COMMENTED -> ofPull(payload, "/comment", "");
      case PUSH ->
          new EventFacts(
              text(payload, "/compare"),
              text(payload, "/ref").replaceFirst("^" + BRANCH, ""),
              text(payload, "/after"),
              "",
              payload.path("commits").size());
      case BRANCH_DELETED -> new EventFacts("", text(payload, "/ref"), "", "", 0);
      case CHECK_COMPLETED -> ofCheck(payload, "/check_run", "/check_run/check_suite/head_branch");
      case WORKFLOW_COMPLETED -> ofCheck(payload, "/workflow_run", "/workflow_run/head_branch");
      case INSTALLATION_CHANGED ->
          new EventFacts(text(payload, "/installation/html_url"), "", "", "", 0);
    };
  }

  private static EventFacts ofPull(JsonNode payload, String shown, String reviewer) {
    return new EventFacts(
        text(payload, shown + "/html_url"),
        text(payload, "/pull_request/head/ref"),
        text(payload, "/pull_request/head/sha"),
        reviewer,
        0);
  }

  private static EventFacts ofCheck(JsonNode payload, String about, String branch) {
    return new EventFacts(
        text(payload, about + "/html_url"),
        text(payload, branch),
        text(payload, about + "/head_sha"),
        text(payload, about + "/name"),
        0);
  }

  private static String text(JsonNode payload, String at) {
    JsonNode found = payload.at(at);
    String text = found.isNull() ? "" : found.asText();
    return text.substring(0, Math.min(LONGEST, text.length()));
  }
}
