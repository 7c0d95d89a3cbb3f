package dev.concert.github.webhook;

import static dev.concert.github.webhook.ForgeEventType.*;

import com.fasterxml.jackson.databind.JsonNode;
import dev.concert.text.ShortText;
import java.util.Optional;

/** Makes events of webhooks. */
public final class GitHubEventReader {
  private static final int LONGEST_TEXT = 65_536;
  private static final String BRANCH = "refs/heads/";

  private GitHubEventReader() {}

  /**
   * What a webhook says; empty where it does not concern Concert.
   *
   * @param name the header {@code X-GitHub-Event}
   */
  public static Optional<ForgeEvent> read(String name, JsonNode payload) {
    return type(name, payload).map(type -> event(type, name, payload));
  }

  private static Optional<ForgeEventType> type(String name, JsonNode payload) {
    String action = payload.path("action").asText();
    return Optional.ofNullable(
        switch (name) {
          case "issues" -> ofIssue(action);
          case "issue_comment" ->
              !action.equals("created")
                  ? null
                  : payload.path("issue").has("pull_request") ? PR_COMMENTED : ISSUE_COMMENTED;
          case "pull_request" -> ofPull(action, payload);
          case "pull_request_review" -> action.equals("submitted") ? PR_REVIEWED : null;
          case "pull_request_review_comment" -> action.equals("created") ? PR_COMMENTED : null;
          case "push" ->
              payload.path("ref").asText().startsWith(BRANCH)
                      && !payload.path("deleted").asBoolean()
                  ? PUSH
                  : null;
          case "delete" ->
              payload.path("ref_type").asText().equals("branch") ? BRANCH_DELETED : null;
          case "check_run" -> action.equals("completed") ? CHECK_COMPLETED : null;
          case "workflow_run" -> action.equals("completed") ? WORKFLOW_COMPLETED : null;
          case "installation", "installation_repositories" -> INSTALLATION_CHANGED;
          default -> null;
        });
  }

  private static ForgeEventType ofIssue(String action) {
    return switch (action) {
      case "opened" -> ISSUE_OPENED;
      case "closed", "deleted", "transferred" -> ISSUE_CLOSED;
      case "reopened" -> ISSUE_REOPENED;
      case "assigned" -> ISSUE_ASSIGNED;
      case "labeled" -> ISSUE_LABELED;
      default -> null;
    };
  }

  private static ForgeEventType ofPull(String action, JsonNode payload) {
    return switch (action) {
      case "opened" -> PR_OPENED;
      case "synchronize", "edited", "reopened", "ready_for_review", "converted_to_draft" ->
          PR_UPDATED;
      case "closed" ->
          payload.path("pull_request").path("merged").asBoolean() ? PR_MERGED : PR_CLOSED;
      case "review_requested" -> PR_REVIEW_REQUESTED;
      default -> null;
    };
  }

  private static ForgeEvent event(ForgeEventType type, String name, JsonNode payload) {
    JsonNode about = payload.has("issue") ? payload.path("issue") : payload.path("pull_request");
    JsonNode written = payload.has("comment") ? payload.path("comment") : payload.path("review");
    JsonNode repository = payload.path("repository");
    JsonNode sender = payload.path("sender");
    boolean isOnLine = name.equals("pull_request_review_comment");
    return new ForgeEvent(
        type,
        payload.path("installation").path("id").asLong(),
        owner(payload),
        repository.path("name").asText(),
        repository.path("id").asLong(),
        about.path("number").asInt(),
        sender.path("login").asText(),
        sender.path("id").asLong(),
        sender.path("type").asText().equals("Bot"),
        text(about, "title"),
        text(about, "body"),
        text(written, "body"),
        written.path("id").asLong(),
        subject(name, about, written),
        detail(type, payload),
        isOnLine ? text(written, "path") : "",
        isOnLine ? written.path("line").asInt(written.path("original_line").asInt()) : 0,
        isOnLine ? text(written, "diff_hunk") : "",
        GitHubDetailsReader.read(name, payload));
  }

  /** A push names its owner otherwise. */
  private static String owner(JsonNode payload) {
    JsonNode owner = payload.path("repository").path("owner");
    JsonNode account = payload.path("installation").path("account");
    return owner.path("login").asText(owner.path("name").asText(account.path("login").asText()));
  }

  private static String text(JsonNode of, String field) {
    String text = of.path(field).asText("");
    return of.path(field).isNull() ? "" : ShortText.of(text, LONGEST_TEXT);
  }

  private static String subject(String name, JsonNode about, JsonNode written) {
    return switch (name) {
      case "issue_comment" -> "/issues/comments/" + written.path("id").asLong();
      case "pull_request_review_comment" -> "/pulls/comments/" + written.path("id").asLong();
      default -> about.has("number") ? "/issues/" + about.path("number").asInt() : "";
    };
  }

  private static String detail(ForgeEventType type, JsonNode payload) {
    return switch (type) {
      case ISSUE_LABELED -> text(payload.path("label"), "name");
      case ISSUE_ASSIGNED -> text(payload.path("assignee"), "login");
      case PUSH -> text(payload, "ref").substring(BRANCH.length());
      case BRANCH_DELETED -> text(payload, "ref");
      case CHECK_COMPLETED -> text(payload.path("check_run"), "conclusion");
      case WORKFLOW_COMPLETED -> text(payload.path("workflow_run"), "conclusion");
      case PR_OPENED, PR_UPDATED, PR_CLOSED, PR_MERGED ->
          text(payload.path("pull_request").path("head"), "ref");
      case PR_REVIEW_REQUESTED -> text(payload.path("requested_reviewer"), "login");
      case PR_REVIEWED -> text(payload.path("review"), "state");
      case INSTALLATION_CHANGED -> text(payload, "action");
      default -> "";
    };
  }
}
