package dev.concert.testing.forge;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * GitLab with one project in a group of a group, as far as Concert and the witness use it; source:
 * https://docs.gitlab.com/api/rest/.
 */
public final class FakeGitLab extends PlayedForge {
  private static final String BOT = "project_42_bot_concert";
  private static final int DEVELOPER = 30;
  private static final int REPORTER = 20;
  private final GitLabShapes shapes = new GitLabShapes(this);
  private int issueCount;
  private List<String> scopes = List.of("api", "write_repository");

  /**
   * @param folder of the repository
   */
  public FakeGitLab(Path folder) {
    super(folder, "/api/v4", "acme/tools/engine", "glpat-played-" + UUID.randomUUID());
    permit(BOT, true);
  }

  @Override
  public String platform() {
    return "gitlab";
  }

  @Override
  public String bot() {
    return BOT;
  }

  /** The token's scopes from now on. */
  public synchronized void scopes(String... all) {
    scopes = List.of(all);
  }

  @Override
  int nextIssue() {
    return ++issueCount;
  }

  @Override
  boolean knows(ForgeCall call, String token) {
    return call.header("PRIVATE-TOKEN").equals(token)
        || call.header("Authorization").equals("Bearer " + token);
  }

  @Override
  ForgeReply unauthorized() {
    return error(401, "401 Unauthorized");
  }

  private static ForgeReply error(int status, Object message) {
    return ForgeReply.of(status, new JsonObject().put("message", message));
  }

  static ForgeReply notFound(String what) {
    return error(404, "404 " + what + " Not Found");
  }

  @Override
  ForgeReply answer(ForgeCall call) {
    if (call.path().equals("/personal_access_tokens/self")) {
      return ForgeReply.ok(
          new JsonObject()
              .put("id", 7)
              .put("name", "concert")
              .put("scopes", new JsonArray(scopes))
              .put("active", true)
              .put("expires_at", "2027-01-01"));
    }
    if (!scopes.contains("api")) {
      return ForgeReply.of(
          403,
          new JsonObject()
              .put("error", "insufficient_scope")
              .put(
                  "error_description",
                  "The request requires higher privileges than provided by the access token.")
              .put("scope", "api"));
    }
    if (call.path().equals("/user")) {
      return ForgeReply.ok(shapes.user(BOT));
    }
    String encoded = "/projects/(?:" + GitLabShapes.PROJECT + "|" + name.replace("/", "%2F") + ")";
    String rest = call.path().replaceFirst("^" + encoded, "");
    return rest.equals(call.path())
        ? notFound("Project")
        : project(new ForgeCall(call.request(), rest, call.body()));
  }

  private ForgeReply project(ForgeCall call) {
    if (call.match("GET", "").isPresent()) {
      return ForgeReply.ok(shapes.shown());
    }
    return people(call)
        .or(() -> new GitLabCode(git, name).answer(call))
        .or(() -> written(call))
        .or(() -> requests(call))
        .or(() -> states(call))
        .orElseGet(() -> error(404, "404 Not Found"));
  }

  private Optional<ForgeReply> people(ForgeCall call) {
    if (call.match("GET", "/members/all").isPresent()) {
      return Optional.of(
          ForgeReply.list(
              people.keySet().stream()
                  .filter(login -> login.contains(call.parameter("query")))
                  .map(this::member)
                  .toList()));
    }
    return call.match("GET", "/members/all/(\\d+)")
        .map(
            parts ->
                people.keySet().stream()
                    .filter(login -> Long.toString(id(login)).equals(parts[0]))
                    .findFirst()
                    .map(login -> ForgeReply.ok(member(login)))
                    .orElseGet(() -> error(404, "404 Not found")));
  }

  private JsonObject member(String login) {
    return shapes.user(login).put("access_level", people.get(login) ? DEVELOPER : REPORTER);
  }

  private Optional<ForgeReply> written(ForgeCall call) {
    String of = "/(issues|merge_requests)/(\\d+)";
    return call.match("GET", "/issues/(\\d+)")
        .map(parts -> Optional.ofNullable(issues.get(Integer.parseInt(parts[0]))))
        .map(
            found ->
                found
                    .map(one -> ForgeReply.ok(shapes.about(one)))
                    .orElseGet(() -> error(404, "404 Not found")))
        .or(() -> notes(call, of));
  }

  private Optional<ForgeReply> notes(ForgeCall call, String of) {
    return call.match("GET", of + "/notes")
        .map(
            parts ->
                ForgeReply.list(
                    comments.stream().filter(one -> isOn(one, parts)).map(shapes::note).toList()))
        .or(() -> call.match("POST", of + "/notes").map(parts -> note(parts, call.body())))
        .or(
            () ->
                call.match("PUT", of + "/notes/(\\d+)")
                    .map(
                        parts ->
                            edit(Long.parseLong(parts[2]), call.body().getString("body"))
                                .map(one -> ForgeReply.ok(shapes.note(one)))
                                .orElseGet(() -> error(404, "404 Not found"))))
        .or(
            () ->
                call.match("POST", of + "(?:/notes/\\d+)?/award_emoji")
                    .map(parts -> emoji(call.path(), parts, call.body())));
  }

  private static boolean isOn(Written one, String[] parts) {
    return one.isChange() == parts[0].equals("merge_requests")
        && one.number() == Integer.parseInt(parts[1]);
  }

  private ForgeReply note(String[] parts, JsonObject body) {
    int number = Integer.parseInt(parts[1]);
    boolean isChange = parts[0].equals("merge_requests");
    if (!body.containsKey("body")) {
      return ForgeReply.of(400, new JsonObject().put("error", "body is missing"));
    }
    if (body.getString("body").isBlank()) {
      return error(400, "400 Bad request - Note {:note=>[\"can't be blank\"]}");
    }
    return (isChange ? changes : issues).containsKey(number)
        ? ForgeReply.created(
            shapes.note(write(comments, number, isChange, BOT, body.getString("body"))))
        : notFound(isChange ? "Merge Request" : "Issue");
  }

  private ForgeReply emoji(String path, String[] parts, JsonObject body) {
    if (reactions.stream().anyMatch(one -> one.text().equals(path))) {
      return notFound("Award Emoji Name has already been taken");
    }
    write(reactions, Integer.parseInt(parts[1]), parts[0].equals("merge_requests"), BOT, path);
    return ForgeReply.created(new JsonObject().put("id", 1).put("name", body.getString("name")));
  }

  private Optional<ForgeReply> requests(ForgeCall call) {
    return call.match("GET", "/merge_requests")
        .map(
            _ ->
                ForgeReply.list(
                    changes.values().stream()
                        .filter(one -> one.branch.equals(call.parameter("source_branch")))
                        .map(shapes::request)
                        .toList()))
        .or(() -> call.match("POST", "/merge_requests").map(_ -> open(call.body())))
        .or(
            () ->
                call.match(call.method(), "/merge_requests/(\\d+)")
                    .map(parts -> request(Integer.parseInt(parts[0]), call.body())));
  }

  private ForgeReply request(int number, JsonObject body) {
    Thing request = changes.get(number);
    if (request == null) {
      return error(404, "404 Not found");
    }
    for (Object reviewer : body.getJsonArray("reviewer_ids", new JsonArray())) {
      people.keySet().stream()
          .filter(login -> id(login) == ((Number) reviewer).longValue())
          .toList()
          .forEach(request.reviewers::add);
    }
    return ForgeReply.ok(shapes.request(request));
  }

  private ForgeReply open(JsonObject body) {
    for (String field : List.of("title", "source_branch", "target_branch")) {
      if (!body.containsKey(field)) {
        return ForgeReply.of(400, new JsonObject().put("error", field + " is missing"));
      }
    }
    String branch = body.getString("source_branch");
    Optional<Thing> there =
        changes.values().stream().filter(one -> one.branch.equals(branch)).findFirst();
    if (there.isPresent()) {
      return error(
          409,
          new JsonArray()
              .add(
                  "Another open merge request already exists for this source branch: !"
                      + there.get().number));
    }
    int number = changes.size() + 1;
    changes.put(
        number,
        new Thing(
            number,
            BOT,
            body.getString("title"),
            body.getString("description", ""),
            branch,
            body.getString("target_branch")));
    return ForgeReply.created(shapes.request(changes.get(number)));
  }

  private Optional<ForgeReply> states(ForgeCall call) {
    return call.match("GET", "/repository/commits/([0-9a-f]+)/statuses")
        .map(
            parts ->
                ForgeReply.list(
                    latest(parts[0], call.parameter("name")).stream()
                        .map(GitLabShapes::status)
                        .toList()))
        .or(
            () ->
                call.match("POST", "/statuses/([0-9a-f]+)")
                    .map(parts -> set(parts[0], call.body())));
  }

  private Optional<Shown> latest(String commit, String name) {
    return statuses.stream()
        .filter(one -> one.commit().equals(commit) && one.name().equals(name))
        .reduce((_, later) -> later);
  }

  private ForgeReply set(String commit, JsonObject body) {
    if (!git.isCommit(name, commit)) {
      return notFound("Commit");
    }
    String state = body.getString("state", "");
    Map<String, String> moves =
        Map.of(
            "pending",
            "enqueue",
            "running",
            "run",
            "success",
            "success",
            "failed",
            "drop",
            "canceled",
            "cancel",
            "skipped",
            "skip");
    if (!moves.containsKey(state)) {
      return ForgeReply.of(400, new JsonObject().put("error", "state does not have a valid value"));
    }
    Optional<Shown> before = latest(commit, body.getString("name", "default"));
    if (before.isPresent() && before.get().state().equals(state)) {
      String move = moves.get(state);
      return error(
          400,
          "Cannot transition status via :%s from :%s (Reason(s): Status cannot transition via \"%s\")"
              .formatted(move, state, move));
    }
    Shown shown =
        new Shown(
            before.map(Shown::id).orElseGet(this::nextId),
            commit,
            body.getString("name", "default"),
            state,
            body.getString("target_url", ""),
            body.getString("description", ""));
    statuses.add(shown);
    return ForgeReply.created(GitLabShapes.status(shown));
  }

  @Override
  public synchronized Delivery comment(int number, boolean isChange, String author, String text) {
    Written note = write(comments, number, isChange, author, text);
    return shapes.hook(
        "Note Hook",
        "note",
        author,
        new JsonObject()
            .put("id", note.id())
            .put("note", text)
            .put("noteable_type", isChange ? "MergeRequest" : "Issue")
            .put("system", false)
            .put("action", "create"),
        new JsonObject()
            .put(
                isChange ? "merge_request" : "issue",
                shapes
                    .about((isChange ? changes : issues).get(number))
                    .put("labels", new JsonArray())));
  }

  @Override
  public synchronized Delivery close(int number, String author) {
    return shapes.hook(
        "Issue Hook",
        "issue",
        author,
        shapes.about(issues.get(number)).put("action", "close"),
        new JsonObject());
  }

  @Override
  public synchronized Delivery label(int number, String author, String label) {
    JsonArray labels = new JsonArray().add(new JsonObject().put("id", 206).put("title", label));
    return shapes.hook(
        "Issue Hook",
        "issue",
        author,
        shapes.about(issues.get(number)).put("action", "update"),
        new JsonObject()
            .put("labels", labels)
            .put(
                "changes",
                new JsonObject()
                    .put(
                        "labels",
                        new JsonObject().put("previous", new JsonArray()).put("current", labels))));
  }
}
