package dev.concert.testing.github;

import dev.concert.testing.github.AppTokens.Grant;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The routes of the played API. Guarded by its server. */
final class GitHubRoutes {
  private static final int LONGEST = 65_536;
  private static final Pattern ACCESS = Pattern.compile("/app/installations/(\\d+)/access_tokens");
  private static final Pattern REPOSITORY = Pattern.compile("/repos/([^/]+)/([^/]+)(/.*)?");
  private static final Pattern INSTALLED = Pattern.compile("/repos/([^/]+)/([^/]+)/installation");
  private static final Set<String> REACTIONS =
      Set.of("+1", "-1", "laugh", "confused", "heart", "hooray", "rocket", "eyes");
  private static final Map<String, String> MOST =
      Map.of(
          "metadata", "read",
          "contents", "write",
          "issues", "write",
          "pull_requests", "write",
          "checks", "write");

  private final GitBackend git;
  private final AppTokens tokens;
  private final Map<String, FakeRepository> repositories;
  private final Map<String, String> renamed;
  private final HookRoutes hooks;

  /**
   * @param renamed the present names of repositories by their old ones
   */
  GitHubRoutes(
      GitBackend git,
      AppTokens tokens,
      Map<String, FakeRepository> repositories,
      Map<String, String> renamed,
      HookRoutes hooks) {
    this.renamed = renamed;
    this.hooks = hooks;
    this.git = git;
    this.tokens = tokens;
    this.repositories = repositories;
  }

  /** One call of a repository, with what its token may do. */
  private record Call(
      HttpServerRequest request, FakeRepository in, String rest, JsonObject body, Grant grant) {
    boolean is(String method, String pattern) {
      return request.method().name().equals(method) && rest.matches(pattern);
    }

    String part(int number) {
      return URLDecoder.decode(rest.split("/")[number], StandardCharsets.UTF_8);
    }

    int number(int part) {
      return Integer.parseInt(part(part));
    }
  }

  GitHubReply answer(HttpServerRequest request, String path, Buffer body) {
    String token =
        Optional.ofNullable(request.getHeader("Authorization"))
            .orElse("")
            .replaceFirst("(?i)^(bearer|token) ", "");
    JsonObject json;
    try {
      json = body.length() == 0 ? new JsonObject() : body.toJsonObject();
    } catch (DecodeException e) {
      return GitHubReply.error(400, "Problems parsing JSON");
    }
    boolean isForApp = INSTALLED.matcher(path).matches();
    if (path.equals("/app") || path.startsWith("/app/") || isForApp) {
      return tokens
          .fault(token)
          .map(fault -> GitHubReply.error(401, fault))
          .orElseGet(() -> ofApp(request, path, json));
    }
    Optional<Grant> grant = tokens.find(token);
    if (grant.isEmpty()) {
      return GitHubReply.error(401, "Bad credentials");
    }
    if (path.equals("/installation/repositories")) {
      List<JsonObject> seen =
          repositories.values().stream()
              .filter(one -> grant.get().repositories().contains(one.name))
              .map(FakeRepository::shown)
              .toList();
      return GitHubReply.ok(
          new JsonObject()
              .put("total_count", seen.size())
              .put("repositories", new JsonArray(RepositoryRoutes.page(request, seen))));
    }
    String named = named(path);
    Matcher matcher = REPOSITORY.matcher(named);
    if (matcher.matches() && renamed.containsKey(matcher.group(2))) {
      FakeRepository now = repositories.get(renamed.get(matcher.group(2)));
      return GitHubReply.error(301, "Moved Permanently")
          .with(
              Map.of(
                  "Location",
                  "%s/repositories/%d%s"
                      .formatted(
                          now.api, now.id, Optional.ofNullable(matcher.group(3)).orElse(""))));
    }
    if (!matcher.matches()
        || !matcher.group(1).equals(FakeGitHub.OWNER)
        || !repositories.containsKey(matcher.group(2))
        || !grant.get().repositories().contains(matcher.group(2))) {
      return GitHubReply.notFound();
    }
    String rest = Optional.ofNullable(matcher.group(3)).orElse("");
    return ofRepository(
        new Call(request, repositories.get(matcher.group(2)), rest, json, grant.get()));
  }

  /** A repository can be asked for by its number, too. */
  private String named(String path) {
    Matcher numbered = Pattern.compile("/repositories/(\\d+)(/.*)?").matcher(path);
    if (!numbered.matches()) {
      return path;
    }
    return repositories.values().stream()
        .filter(one -> Long.toString(one.id).equals(numbered.group(1)))
        .map(one -> "/repos/" + one.fullName() + Optional.ofNullable(numbered.group(2)).orElse(""))
        .findFirst()
        .orElse("/none");
  }

  private GitHubReply ofApp(HttpServerRequest request, String path, JsonObject body) {
    if (path.equals("/app")) {
      return GitHubReply.ok(
          new JsonObject()
              .put("id", FakeGitHub.APP_ID)
              .put("slug", FakeGitHub.SLUG)
              .put("name", "Concert")
              .put("owner", FakeRepository.user(FakeGitHub.OWNER))
              .put("permissions", new JsonObject())
              .put("events", new JsonArray()));
    }
    JsonObject installation =
        new JsonObject()
            .put("id", FakeGitHub.INSTALLATION)
            .put("app_id", FakeGitHub.APP_ID)
            .put("app_slug", FakeGitHub.SLUG)
            .put("account", FakeRepository.user(FakeGitHub.OWNER))
            .put("repository_selection", "all");
    if (path.startsWith("/app/hook/")) {
      return hooks.answer(request, path, repositories.values().iterator().next().api);
    }
    if (path.equals("/app/installations")) {
      return GitHubReply.list(List.of(installation));
    }
    Matcher installed = INSTALLED.matcher(path);
    if (installed.matches()) {
      boolean isHere =
          installed.group(1).equalsIgnoreCase(FakeGitHub.OWNER)
              && repositories.containsKey(installed.group(2));
      return isHere ? GitHubReply.ok(installation) : GitHubReply.notFound();
    }
    Matcher access = ACCESS.matcher(path);
    if (path.equals("/app/installations/" + FakeGitHub.INSTALLATION)) {
      return GitHubReply.ok(installation);
    }
    if (!access.matches()
        || !access.group(1).equals(Long.toString(FakeGitHub.INSTALLATION))
        || !request.method().name().equals("POST")) {
      return GitHubReply.notFound();
    }
    boolean isKnown =
        body.getJsonArray("repositories", new JsonArray()).stream()
            .allMatch(name -> repositories.containsKey(name.toString()));
    boolean isHeld =
        body.getJsonObject("permissions", new JsonObject()).stream()
            .allMatch(one -> MOST.containsKey(one.getKey()));
    if (!isKnown) {
      return GitHubReply.error(
          422,
          "There is at least one repository that does not exist or is not accessible to the parent"
              + " installation.");
    }
    return isHeld
        ? GitHubReply.of(201, tokens.issue(body, repositories.keySet(), MOST))
        : GitHubReply.error(422, "The permissions requested are not granted to this installation.");
  }

  private static GitHubReply denied() {
    return GitHubReply.error(403, "Resource not accessible by integration");
  }

  private GitHubReply ofRepository(Call call) {
    boolean toWrite = !call.request().method().name().equals("GET");
    String permission = permission(call);
    if (!call.grant().allows(call.in().name, permission, toWrite)) {
      return denied();
    }
    if (toWrite && call.in().archived) {
      return GitHubReply.error(403, "Repository was archived so is read-only.");
    }
    if (call.is("GET", "")) {
      return GitHubReply.ok(call.in().shown());
    }
    if (call.is("GET", "/collaborators/[^/]+/permission")) {
      String level = call.in().people.getOrDefault(call.part(2), "read");
      return GitHubReply.ok(
          new JsonObject()
              .put("permission", level)
              .put("role_name", level)
              .put("user", FakeRepository.user(call.part(2))));
    }
    if (call.is("GET", "/git/ref/heads/.+")) {
      return reference(call);
    }
    Optional<GitHubReply> known =
        new RepositoryRoutes(git).answer(call.request(), call.in(), call.rest(), call.body());
    if (known.isPresent()) {
      return known.get();
    }
    if (call.is("GET", "/compare/[^/]+")) {
      return compare(call);
    }
    if (call.is("POST", ".*/reactions")) {
      return react(call);
    }
    if (CheckRoutes.isFor(call.rest())) {
      return new CheckRoutes(git).answer(call.request(), call.in(), call.rest(), call.body());
    }
    return call.rest().startsWith("/issues") ? ofIssue(call) : ofPull(call);
  }

  private static String permission(Call call) {
    String first = call.rest().isEmpty() ? "" : call.rest().split("/")[1];
    return switch (first) {
      case "", "collaborators" -> "metadata";
      case "git", "contents", "branches", "compare" -> "contents";
      case "pulls" -> "pull_requests";
      case "check-runs", "commits" -> "checks";
      case "issues" ->
          call.grant().permissions().containsKey("issues") ? "issues" : "pull_requests";
      default -> "administration";
    };
  }

  private GitHubReply reference(Call call) {
    String branch =
        URLDecoder.decode(
            call.rest().substring("/git/ref/heads/".length()), StandardCharsets.UTF_8);
    return git.commit(call.in().fullName(), branch)
        .map(
            commit ->
                GitHubReply.ok(
                    new JsonObject()
                        .put("ref", "refs/heads/" + branch)
                        .put("object", new JsonObject().put("type", "commit").put("sha", commit))))
        .orElseGet(GitHubReply::notFound);
  }

  private GitHubReply compare(Call call) {
    String[] ends = call.part(2).split("\\.\\.\\.");
    try {
      String counts =
          git.git(
              call.in().fullName(),
              "rev-list",
              "--left-right",
              "--count",
              ends[0] + "..." + ends[1]);
      int behind = Integer.parseInt(counts.split("\\s+")[0]);
      int ahead = Integer.parseInt(counts.split("\\s+")[1]);
      String status =
          behind == 0 ? ahead == 0 ? "identical" : "ahead" : ahead == 0 ? "behind" : "diverged";
      return GitHubReply.ok(
          new JsonObject().put("status", status).put("ahead_by", ahead).put("behind_by", behind));
    } catch (AssertionError absent) {
      return GitHubReply.notFound();
    }
  }

  private static GitHubReply react(Call call) {
    String subject = call.rest().replaceFirst("/reactions$", "");
    String content = call.body().getString("content", "");
    if (!REACTIONS.contains(content)) {
      return GitHubReply.invalid("Reaction", "content", "invalid", "");
    }
    return call.in()
        .reaction(subject, FakeGitHub.BOT, content)
        .map(GitHubReply::ok)
        .orElseGet(() -> GitHubReply.of(201, call.in().react(subject, FakeGitHub.BOT, content)));
  }

  private static Optional<GitHubReply> wrongBody(Call call, String resource) {
    String body = call.body().getString("body", "");
    if (body.isBlank()) {
      return Optional.of(
          GitHubReply.invalid(resource, "data", "unprocessable", "Body cannot be blank"));
    }
    return body.length() > LONGEST
        ? Optional.of(
            GitHubReply.invalid(
                resource,
                "data",
                "unprocessable",
                "Body is too long (maximum is 65536 characters)"))
        : Optional.empty();
  }

  private static GitHubReply ofIssue(Call call) {
    FakeRepository in = call.in();
    if (call.is("PATCH", "/issues/comments/\\d+") || call.is("GET", "/issues/comments/\\d+")) {
      return edit(call, FakeRepository.byId(in.comments, call.part(3)), "IssueComment");
    }
    boolean isKnown =
        call.rest().matches("/issues/\\d+(/.*)?")
            && (in.issues.containsKey(call.number(2)) || in.pulls.containsKey(call.number(2)));
    if (!isKnown) {
      return GitHubReply.notFound();
    }
    if (call.is("GET", "/issues/\\d+")) {
      return GitHubReply.ok(in.issues.getOrDefault(call.number(2), in.pulls.get(call.number(2))));
    }
    String of = "/issues/" + call.number(2);
    if (call.is("GET", "/issues/\\d+/comments")) {
      return GitHubReply.list(
          RepositoryRoutes.page(
              call.request(),
              in.comments.stream()
                  .filter(one -> one.getString("issue_url").endsWith(of))
                  .toList()));
    }
    return call.is("POST", "/issues/\\d+/comments")
        ? wrongBody(call, "IssueComment")
            .orElseGet(
                () ->
                    GitHubReply.of(
                        201,
                        in.comment(FakeGitHub.BOT, call.number(2), call.body().getString("body"))))
        : GitHubReply.notFound();
  }

  private static GitHubReply edit(Call call, Optional<JsonObject> found, String resource) {
    if (found.isEmpty()) {
      return GitHubReply.notFound();
    }
    if (call.request().method().name().equals("GET")) {
      return GitHubReply.ok(found.get());
    }
    return wrongBody(call, resource)
        .orElseGet(() -> GitHubReply.ok(found.get().put("body", call.body().getString("body"))));
  }

  private GitHubReply ofPull(Call call) {
    return new PullRoutes(git).answer(call.request(), call.in(), call.rest(), call.body());
  }

  /** The parts of a path. */
  static List<String> parts(String path) {
    return Arrays.asList(path.split("/"));
  }
}
