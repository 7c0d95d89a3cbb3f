package dev.concert.testing.forge;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * Gitea with one repository, as far as Concert and the witness use it; source:
 * https://docs.gitea.com/api/.
 */
public final class FakeGitea extends PlayedForge {
  private static final String BOT = "concert-agent";
  private static final Set<String> STATES =
      Set.of("pending", "success", "error", "failure", "warning");
  private final GiteaShapes shapes = new GiteaShapes(this);
  private int lastNumber;

  /**
   * @param folder of the repository
   */
  public FakeGitea(Path folder) {
    super(folder, "/api/v1", GiteaShapes.OWNER + "/engine", "gitea-played-" + UUID.randomUUID());
    permit(GiteaShapes.OWNER, true);
    permit(BOT, true);
  }

  @Override
  public String platform() {
    return "gitea";
  }

  @Override
  public String bot() {
    return BOT;
  }

  /** Issues and pull requests are counted together. */
  @Override
  int nextIssue() {
    return ++lastNumber;
  }

  @Override
  boolean knows(ForgeCall call, String token) {
    return Set.of("token " + token, "Bearer " + token).contains(call.header("Authorization"));
  }

  @Override
  ForgeReply unauthorized() {
    return error(401, "invalid username, password or token");
  }

  private ForgeReply error(int status, String message) {
    return ForgeReply.of(
        status, new JsonObject().put("message", message).put("url", web() + "/api/swagger"));
  }

  private ForgeReply notFound() {
    return error(404, "The target couldn't be found.");
  }

  @Override
  ForgeReply answer(ForgeCall call) {
    if (call.path().equals("/user")) {
      return ForgeReply.ok(shapes.user(BOT));
    }
    if (call.path().equals("/version")) {
      return ForgeReply.ok(new JsonObject().put("version", "1.25.4"));
    }
    String known = "/repos/" + name + "|/repositories/" + GiteaShapes.REPOSITORY;
    String rest = call.path().replaceFirst("^(?:" + known + ")(?=/|$)", "");
    return rest.equals(call.path())
        ? notFound()
        : repository(new ForgeCall(call.request(), rest, call.body()));
  }

  private ForgeReply repository(ForgeCall call) {
    if (call.match("GET", "").isPresent()) {
      return ForgeReply.ok(shapes.shown());
    }
    return code(call)
        .or(() -> written(call))
        .or(() -> pulls(call))
        .or(() -> states(call))
        .orElseGet(this::notFound);
  }

  private Optional<ForgeReply> code(ForgeCall call) {
    return call.match("GET", "/collaborators/([^/]+)/permission")
        .map(parts -> permission(parts[0]))
        .or(
            () ->
                call.match("GET", "/branches/(.+)")
                    .map(
                        parts ->
                            git.commit(name, parts[0])
                                .map(commit -> ForgeReply.ok(branch(parts[0], commit)))
                                .orElseGet(this::notFound)))
        .or(() -> call.match("GET", "/contents/(.+)").map(parts -> file(parts[0])))
        .or(
            () ->
                call.match("GET", "/compare/(.+)\\.\\.\\.(.+)")
                    .map(parts -> compare(parts[0], parts[1])));
  }

  private ForgeReply permission(String login) {
    if (!people.containsKey(login)) {
      return error(404, "user does not exist [uid: 0, name: " + login + "]");
    }
    String permission =
        login.equals(GiteaShapes.OWNER) ? "owner" : people.get(login) ? "write" : "read";
    return ForgeReply.ok(
        new JsonObject()
            .put("permission", permission)
            .put("role_name", permission)
            .put("user", shapes.user(login)));
  }

  private static JsonObject branch(String branch, String commit) {
    return new JsonObject()
        .put("name", branch)
        .put("commit", new JsonObject().put("id", commit))
        .put("protected", false);
  }

  private ForgeReply file(String path) {
    try {
      String text = git.git(name, "show", MAIN + ":" + path);
      return ForgeReply.ok(
          new JsonObject()
              .put("type", "file")
              .put("path", path)
              .put("size", text.length())
              .put("encoding", "base64")
              .put("content", Base64.getEncoder().encodeToString(text.getBytes()))
              .put("sha", git.git(name, "rev-parse", MAIN + ":" + path)));
    } catch (AssertionError absent) {
      return notFound();
    }
  }

  private ForgeReply compare(String base, String head) {
    return Stream.of(base, head).allMatch(one -> git.isCommit(name, one))
        ? ForgeReply.ok(
            new JsonObject()
                .put(
                    "total_commits",
                    Integer.parseInt(git.git(name, "rev-list", "--count", base + ".." + head)))
                .put("commits", new JsonArray()))
        : notFound();
  }

  private Optional<ForgeReply> written(ForgeCall call) {
    return call.match("GET", "/issues/(\\d+)")
        .map(parts -> issue(Integer.parseInt(parts[0])))
        .or(
            () ->
                call.match("GET", "/issues/(\\d+)/comments")
                    .map(
                        parts ->
                            ForgeReply.list(
                                comments.stream()
                                    .filter(one -> one.number() == Integer.parseInt(parts[0]))
                                    .map(shapes::comment)
                                    .toList())))
        .or(
            () ->
                call.match("POST", "/issues/(\\d+)/comments")
                    .map(parts -> comment(Integer.parseInt(parts[0]), call.body())))
        .or(
            () ->
                call.match("PATCH", "/issues/comments/(\\d+)")
                    .map(
                        parts ->
                            edit(Long.parseLong(parts[0]), call.body().getString("body"))
                                .map(one -> ForgeReply.ok(shapes.comment(one)))
                                .orElseGet(this::notFound)))
        .or(
            () ->
                call.match("POST", "/issues/(?:comments/)?(\\d+)/reactions")
                    .map(parts -> react(call.path(), call.body())));
  }

  private ForgeReply issue(int number) {
    return issues.containsKey(number) || changes.containsKey(number)
        ? ForgeReply.ok(shapes.about(number))
        : notFound();
  }

  private ForgeReply comment(int number, JsonObject body) {
    if (body.getString("body", "").isEmpty()) {
      return error(422, "[Body]: Required");
    }
    boolean isChange = changes.containsKey(number);
    return isChange || issues.containsKey(number)
        ? ForgeReply.created(
            shapes.comment(write(comments, number, isChange, BOT, body.getString("body"))))
        : notFound();
  }

  private ForgeReply react(String path, JsonObject body) {
    if (reactions.stream().noneMatch(one -> one.text().equals(path))) {
      write(reactions, 0, false, BOT, path);
    }
    return ForgeReply.created(
        new JsonObject().put("user", shapes.user(BOT)).put("content", body.getString("content")));
  }

  private Optional<ForgeReply> pulls(ForgeCall call) {
    return call.match("GET", "/pulls")
        .map(_ -> ForgeReply.list(changes.keySet().stream().map(shapes::pull).toList()))
        .or(() -> call.match("POST", "/pulls").map(_ -> open(call.body())))
        .or(
            () ->
                call.match("GET", "/pulls/(\\d+)")
                    .map(
                        parts ->
                            changes.containsKey(Integer.parseInt(parts[0]))
                                ? ForgeReply.ok(shapes.pull(Integer.parseInt(parts[0])))
                                : notFound()))
        .or(
            () ->
                call.match("POST", "/pulls/(\\d+)/requested_reviewers")
                    .map(parts -> reviewers(Integer.parseInt(parts[0]), call.body())));
  }

  private ForgeReply reviewers(int number, JsonObject body) {
    for (Object login : body.getJsonArray("reviewers")) {
      if (!people.containsKey((String) login)) {
        return error(404, "user does not exist [uid: 0, name: " + login + "]");
      }
      changes.get(number).reviewers.add((String) login);
    }
    return new ForgeReply(201, "[]");
  }

  private ForgeReply open(JsonObject body) {
    String head = body.getString("head", "");
    Optional<Thing> there =
        changes.values().stream().filter(one -> one.branch.equals(head)).findFirst();
    if (there.isPresent()) {
      return error(
          409,
          "pull request already exists for these targets [id: 1, issue_id: %d, head_repo_id: %d,"
                  .formatted(there.get().number, GiteaShapes.REPOSITORY)
              + " base_repo_id: %d, head_branch: %s, base_branch: %s]"
                  .formatted(GiteaShapes.REPOSITORY, head, MAIN));
    }
    if (git.commit(name, head).isEmpty()) {
      return notFound();
    }
    int number = nextIssue();
    changes.put(
        number,
        new Thing(
            number,
            BOT,
            body.getString("title"),
            body.getString("body", ""),
            head,
            body.getString("base")));
    return ForgeReply.created(shapes.pull(number));
  }

  private Optional<ForgeReply> states(ForgeCall call) {
    return call.match("POST", "/statuses/([0-9a-f]+)").map(parts -> set(parts[0], call.body()));
  }

  private ForgeReply set(String commit, JsonObject body) {
    if (!STATES.contains(body.getString("state", "")) || !git.isCommit(name, commit)) {
      return error(400, "object does not exist [id: " + commit + ", rel_path: ]");
    }
    Shown shown =
        new Shown(
            nextId(),
            commit,
            body.getString("context", "default"),
            body.getString("state"),
            body.getString("target_url", ""),
            body.getString("description", ""));
    statuses.add(shown);
    return ForgeReply.created(
        new JsonObject()
            .put("id", shown.id())
            .put("status", shown.state())
            .put("context", shown.name())
            .put("target_url", shown.url())
            .put("description", shown.text()));
  }

  @Override
  public synchronized Delivery comment(int number, boolean isChange, String author, String text) {
    return shapes.hook(
        "issue_comment",
        "created",
        author,
        new JsonObject()
            .put("issue", shapes.about(number))
            .put("comment", shapes.comment(write(comments, number, isChange, author, text)))
            .put("is_pull", isChange));
  }

  @Override
  public synchronized Delivery close(int number, String author) {
    return shapes.hook(
        "issues", "closed", author, new JsonObject().put("issue", shapes.about(number)));
  }

  @Override
  public synchronized Delivery label(int number, String author, String label) {
    JsonObject issue =
        shapes
            .about(number)
            .put("labels", new JsonArray().add(new JsonObject().put("name", label)));
    return shapes.hook("issues", "label_updated", author, new JsonObject().put("issue", issue));
  }
}
