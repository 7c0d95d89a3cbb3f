package dev.concert.github.gitlab;

import static dev.concert.github.webhook.ForgeEventType.*;

import com.fasterxml.jackson.databind.JsonNode;
import dev.concert.github.api.RepositoryName;
import dev.concert.github.connection.ForgeConnection;
import dev.concert.github.webhook.ForgeEvent;
import dev.concert.github.webhook.ForgeEventType;
import dev.concert.github.webhook.GitHubDetails;
import dev.concert.text.ShortText;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Makes events of GitLab's webhooks; actions have the names that rules have for them.
 *
 * <p>Source: https://docs.gitlab.com/user/project/integrations/webhook_events/
 */
final class GitLabEventReader {
  private static final int LONGEST_TEXT = 65_536;
  private static final String BRANCH = "refs/heads/";
  private static final Pattern NO_COMMIT = Pattern.compile("0+");

  /** The users of access tokens of projects and groups. */
  private static final Pattern TOKEN_USER = Pattern.compile("(project|group)_\\d+_bot.*");

  private final ForgeConnection connection;
  private final JsonNode payload;
  private final JsonNode attributes;

  private GitLabEventReader(ForgeConnection connection, JsonNode payload) {
    this.connection = connection;
    this.payload = payload;
    this.attributes = payload.path("object_attributes");
  }

  /**
   * What happened.
   *
   * @param detail the label, the assignee or the branch
   * @param event and action as rules name them
   */
  private record Kind(ForgeEventType type, String detail, String event, String action) {}

  /** What a webhook says; empty where it does not concern Concert. */
  static Optional<ForgeEvent> read(ForgeConnection connection, JsonNode payload) {
    GitLabEventReader reader = new GitLabEventReader(connection, payload);
    return reader.kind().flatMap(reader::event);
  }

  private Optional<Kind> kind() {
    return switch (payload.path("object_kind").asText()) {
      case "issue" -> issue();
      case "note" -> note();
      case "merge_request" -> change();
      case "push" -> push();
      default -> Optional.empty();
    };
  }

  /** An issue may have a label, or be ours, from the beginning. */
  private Optional<Kind> issue() {
    String event = "issues";
    String action = text(attributes, "action");
    Optional<String> label = added("labels", "title", connection.label());
    Optional<String> assignee = added("assignees", "username", connection.bot());
    String named = action.equals("open") ? "opened" : label.isPresent() ? "labeled" : "assigned";
    return switch (action) {
      case "close" -> Optional.of(new Kind(ISSUE_CLOSED, "", event, "closed"));
      case "reopen" -> Optional.of(new Kind(ISSUE_REOPENED, "", event, "reopened"));
      case "open", "update" ->
          label
              .map(one -> new Kind(ISSUE_LABELED, one, event, named))
              .or(() -> assignee.map(one -> new Kind(ISSUE_ASSIGNED, one, event, named)))
              .or(
                  () ->
                      Optional.of(new Kind(ISSUE_OPENED, "", event, named))
                          .filter(_ -> action.equals("open")));
      default -> Optional.empty();
    };
  }

  /** What came to a list; of more, the one that is wanted. */
  private Optional<String> added(String list, String field, String wanted) {
    List<String> before = texts(payload.path("changes").path(list).path("previous"), field);
    List<String> now =
        text(attributes, "action").equals("open")
            ? texts(payload.path(list), field)
            : texts(payload.path("changes").path(list).path("current"), field);
    List<String> added = now.stream().filter(one -> !before.contains(one)).toList();
    return added.stream()
        .filter(wanted::equalsIgnoreCase)
        .findFirst()
        .or(() -> added.stream().findFirst());
  }

  private static List<String> texts(JsonNode list, String field) {
    List<String> texts = new ArrayList<>();
    list.forEach(one -> texts.add(text(one, field)));
    return texts;
  }

  /** What only members see is not answered where everybody does. */
  private Optional<Kind> note() {
    String action = attributes.path("action").asText("create");
    if (!action.equals("create")
        || attributes.path("system").asBoolean()
        || attributes.path("internal").asBoolean()) {
      return Optional.empty();
    }
    return switch (text(attributes, "noteable_type")) {
      case "Issue" -> Optional.of(new Kind(ISSUE_COMMENTED, "", "issue_comment", "created"));
      case "MergeRequest" -> Optional.of(new Kind(PR_COMMENTED, "", "issue_comment", "created"));
      default -> Optional.empty();
    };
  }

  private Optional<Kind> change() {
    String event = "pull_request";
    String branch = text(attributes, "source_branch");
    return switch (text(attributes, "action")) {
      case "open" -> Optional.of(new Kind(PR_OPENED, branch, event, "opened"));
      case "reopen" -> Optional.of(new Kind(PR_UPDATED, branch, event, "reopened"));
      case "update" ->
          Optional.of(
              new Kind(
                  PR_UPDATED, branch, event, attributes.has("oldrev") ? "synchronize" : "edited"));
      case "close" -> Optional.of(new Kind(PR_CLOSED, branch, event, "closed"));
      case "merge" -> Optional.of(new Kind(PR_MERGED, branch, event, "closed"));
      default -> Optional.empty();
    };
  }

  private Optional<Kind> push() {
    String ref = text(payload, "ref");
    if (!ref.startsWith(BRANCH)) {
      return Optional.empty();
    }
    boolean isDeleted = NO_COMMIT.matcher(text(payload, "after")).matches();
    String branch = ref.substring(BRANCH.length());
    return Optional.of(
        new Kind(isDeleted ? BRANCH_DELETED : PUSH, branch, isDeleted ? "delete" : "push", ""));
  }

  private Optional<ForgeEvent> event(Kind kind) {
    return RepositoryName.parse(text(payload.path("project"), "path_with_namespace"))
        .map(repository -> event(kind, repository));
  }

  private ForgeEvent event(Kind kind, RepositoryName repository) {
    boolean isNote = payload.path("object_kind").asText().equals("note");
    JsonNode about =
        isNote ? payload.path(isAboutChange(kind) ? "merge_request" : "issue") : attributes;
    int number = about.path("iid").asInt();
    long commentId = isNote ? attributes.path("id").asLong() : 0;
    String sender = payload.path("user").path("username").asText(text(payload, "user_username"));
    return new ForgeEvent(
        kind.type(),
        0,
        repository.owner(),
        repository.name(),
        payload.path("project").path("id").asLong(),
        number,
        sender,
        payload.path("user").path("id").asLong(payload.path("user_id").asLong()),
        sender.equals(connection.bot()) || TOKEN_USER.matcher(sender).matches(),
        text(about, "title"),
        text(about, "description"),
        isNote ? written() : "",
        commentId,
        subject(kind, number, commentId),
        kind.detail(),
        "",
        0,
        "",
        details(kind, about));
  }

  private static boolean isAboutChange(Kind kind) {
    return kind.type().name().startsWith("PR_");
  }

  /** A note on a line says where. */
  private String written() {
    JsonNode position = attributes.path("position");
    String note = text(attributes, "note");
    return position.path("new_line").isInt()
        ? "%s\n\n(On line %d of %s.)"
            .formatted(note, position.path("new_line").asInt(), text(position, "new_path"))
        : note;
  }

  private static String subject(Kind kind, int number, long commentId) {
    if (number == 0) {
      return "";
    }
    String about = (isAboutChange(kind) ? "/merge_requests/" : "/issues/") + number;
    return commentId == 0 ? about : about + "/notes/" + commentId;
  }

  private GitHubDetails details(Kind kind, JsonNode about) {
    return new GitHubDetails(
        kind.event(),
        kind.action(),
        text(attributes, "url"),
        text(about, "state").equals("opened") ? "open" : "closed",
        texts(about.has("labels") ? about.path("labels") : payload.path("labels"), "title"),
        author(about),
        text(about, "target_branch"),
        text(about, "source_branch"),
        text(about.path("last_commit"), "id"),
        about.path("source_project_id").asLong() != about.path("target_project_id").asLong(),
        "",
        payload.path("commits").size(),
        "",
        "",
        0,
        text(about, "updated_at"));
  }

  /** GitLab tells the author's number only; {@link GitLabRepository#canWrite} takes that, too. */
  private String author(JsonNode about) {
    long author = about.path("author_id").asLong();
    JsonNode user = payload.path("user");
    return author == user.path("id").asLong()
        ? text(user, "username")
        : GitLabRepository.NUMBER + author;
  }

  private static String text(JsonNode of, String field) {
    return ShortText.of(of.path(field).asText(""), LONGEST_TEXT);
  }
}
