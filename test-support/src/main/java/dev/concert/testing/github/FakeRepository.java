package dev.concert.testing.github;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What was written in one repository. Guarded by its server. */
final class FakeRepository {
  final String owner;
  String name;
  final long id;
  final String api;
  final Map<String, String> people = new HashMap<>();
  final Map<Integer, JsonObject> issues = new LinkedHashMap<>();
  final Map<Integer, JsonObject> pulls = new LinkedHashMap<>();
  final List<JsonObject> comments = new ArrayList<>();
  final List<JsonObject> reviewComments = new ArrayList<>();
  final List<JsonObject> reactions = new ArrayList<>();
  final List<JsonObject> reviews = new ArrayList<>();
  final List<JsonObject> checks = new ArrayList<>();
  boolean archived;
  String defaultBranch = "main";
  private int lastNumber;
  private long lastId;

  FakeRepository(String owner, String name, long id, String api) {
    this.owner = owner;
    this.name = name;
    this.id = id;
    this.api = api;
    // GitHub's numbers are unique among all repositories.
    this.lastId = id * 1000;
  }

  String fullName() {
    return owner + "/" + name;
  }

  private String url() {
    return api + "/repos/" + fullName();
  }

  private String page() {
    return "https://github.com/" + fullName();
  }

  JsonObject shown() {
    return new JsonObject()
        .put("id", id)
        .put("node_id", "R_" + id)
        .put("name", name)
        .put("full_name", fullName())
        .put("private", true)
        .put("owner", user(owner))
        .put("html_url", page())
        .put("url", url())
        .put("archived", archived)
        .put("default_branch", defaultBranch);
  }

  static JsonObject user(String login) {
    boolean isBot = login.endsWith("[bot]");
    return new JsonObject()
        .put("login", login)
        .put("id", (long) login.hashCode() & 0xffffff)
        .put("type", isBot ? "Bot" : "User");
  }

  JsonObject openIssue(String author, String title, String body) {
    int number = ++lastNumber;
    JsonObject issue =
        new JsonObject()
            .put("id", ++lastId)
            .put("number", number)
            .put("state", "open")
            .put("title", title)
            .put("body", body)
            .put("user", user(author))
            .put("labels", new JsonArray())
            .put("assignees", new JsonArray())
            .put("url", url() + "/issues/" + number)
            .put("html_url", page() + "/issues/" + number)
            .put("comments_url", url() + "/issues/" + number + "/comments")
            .put("created_at", now())
            .put("updated_at", now());
    issues.put(number, issue);
    return issue;
  }

  JsonObject comment(String author, int number, String body) {
    long comment = ++lastId;
    JsonObject made =
        new JsonObject()
            .put("id", comment)
            .put("body", body)
            .put("user", user(author))
            .put("url", url() + "/issues/comments/" + comment)
            .put("issue_url", url() + "/issues/" + number)
            .put("html_url", page() + "/issues/" + number + "#issuecomment-" + comment)
            .put("created_at", now())
            .put("updated_at", now());
    comments.add(made);
    return made;
  }

  JsonObject reviewComment(
      String author, int pull, String path, int line, String body, long inReplyTo) {
    JsonObject made =
        new JsonObject()
            .put("id", ++lastId)
            .put("body", body)
            .put("user", user(author))
            .put("path", path)
            .put("line", line)
            .put("diff_hunk", "@@ -1 +1 @@")
            .put("pull_request_url", url() + "/pulls/" + pull)
            .put("url", url() + "/pulls/comments/" + lastId)
            .put("html_url", page() + "/pull/" + pull + "#discussion_r" + lastId)
            .put("created_at", now())
            .put("updated_at", now());
    if (inReplyTo != 0) {
      made.put("in_reply_to_id", inReplyTo);
    }
    reviewComments.add(made);
    return made;
  }

  JsonObject openPull(String author, JsonObject wanted, String head, String base) {
    int number = ++lastNumber;
    JsonObject pull =
        new JsonObject()
            .put("id", ++lastId)
            .put("number", number)
            .put("state", "open")
            .put("draft", wanted.getBoolean("draft", false))
            .put("merged", false)
            .put("title", wanted.getString("title"))
            .put("body", wanted.getString("body", ""))
            .put("user", user(author))
            .put("url", url() + "/pulls/" + number)
            .put("html_url", page() + "/pull/" + number)
            .put("issue_url", url() + "/issues/" + number)
            .put("head", end(wanted.getString("head"), head))
            .put("base", end(wanted.getString("base"), base))
            .put("requested_reviewers", new JsonArray())
            .put("created_at", now())
            .put("updated_at", now());
    pulls.put(number, pull);
    return pull;
  }

  private JsonObject end(String branch, String commit) {
    return new JsonObject()
        .put("label", owner + ":" + branch)
        .put("ref", branch)
        .put("sha", commit)
        .put("user", user(owner))
        .put("repo", shown());
  }

  JsonObject react(String subject, String who, String content) {
    JsonObject made =
        new JsonObject()
            .put("id", ++lastId)
            .put("content", content)
            .put("user", user(who))
            .put("subject", subject)
            .put("created_at", now());
    reactions.add(made);
    return made;
  }

  Optional<JsonObject> reaction(String subject, String who, String content) {
    return reactions.stream()
        .filter(one -> one.getString("subject").equals(subject))
        .filter(one -> one.getString("content").equals(content))
        .filter(one -> one.getJsonObject("user").getString("login").equals(who))
        .findFirst();
  }

  JsonObject check(JsonObject wanted) {
    JsonObject made =
        new JsonObject()
            .put("id", ++lastId)
            .put("url", url() + "/check-runs/" + lastId)
            .put("status", "queued")
            .put("app", new JsonObject().put("id", FakeGitHub.APP_ID));
    change(made, wanted);
    checks.add(made);
    return made;
  }

  /** Annotations are added to those before. */
  void change(JsonObject check, JsonObject wanted) {
    JsonArray before =
        check
            .getJsonObject("output", new JsonObject())
            .getJsonArray("annotations", new JsonArray());
    JsonObject more = wanted.copy();
    check.mergeIn(more);
    if (wanted.containsKey("output")) {
      JsonArray all = before.copy();
      wanted.getJsonObject("output").getJsonArray("annotations", new JsonArray()).forEach(all::add);
      check.getJsonObject("output").put("annotations", all).put("annotations_count", all.size());
    }
  }

  JsonObject review(int pull, JsonObject wanted) {
    JsonObject made =
        new JsonObject()
            .put("id", ++lastId)
            .put("number", pull)
            .put("user", user(FakeGitHub.BOT))
            .put("body", wanted.getString("body"))
            .put("commit_id", wanted.getString("commit_id"))
            .put("state", "COMMENTED")
            .put("submitted_at", now());
    reviews.add(made);
    return made;
  }

  static Optional<JsonObject> byId(List<JsonObject> all, String id) {
    return all.stream().filter(one -> one.getLong("id").toString().equals(id)).findFirst();
  }

  private static String now() {
    return Instant.ofEpochSecond(Instant.now().getEpochSecond()).toString();
  }
}
