package dev.concert.testing.github;

import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The routes of branches, contents and issues in the played API. Guarded by its server. */
record RepositoryRoutes(GitBackend git) {

  /** Empty where it is another route. */
  Optional<GitHubReply> answer(
      HttpServerRequest request, FakeRepository in, String rest, JsonObject body) {
    String call = request.method() + " " + rest;
    if (call.equals("GET /branches")) {
      return Optional.of(GitHubReply.list(page(request, branches(in))));
    }
    if (call.matches("GET /contents(/.*)?")) {
      return Optional.of(contents(request, in, rest));
    }
    if (call.equals("GET /issues")) {
      return Optional.of(GitHubReply.list(page(request, issues(request, in))));
    }
    return call.equals("POST /issues") ? Optional.of(open(in, body)) : Optional.empty();
  }

  static List<JsonObject> page(HttpServerRequest request, List<JsonObject> all) {
    int size = Integer.parseInt(parameter(request, "per_page", "30"));
    int number = Integer.parseInt(parameter(request, "page", "1"));
    return all.stream().skip((long) (number - 1) * size).limit(size).toList();
  }

  private static String parameter(HttpServerRequest request, String name, String fallback) {
    return Optional.ofNullable(request.getParam(name)).orElse(fallback);
  }

  private List<JsonObject> branches(FakeRepository in) {
    return git.git(
            in.fullName(), "for-each-ref", "--format=%(refname:short) %(objectname)", "refs/heads")
        .lines()
        .map(line -> line.split(" "))
        .map(
            parts ->
                new JsonObject()
                    .put("name", parts[0])
                    .put("commit", new JsonObject().put("sha", parts[1]))
                    .put("protected", false))
        .toList();
  }

  /** GitHub counts pull requests as issues. */
  private static List<JsonObject> issues(HttpServerRequest request, FakeRepository in) {
    String state = parameter(request, "state", "open");
    return Stream.concat(
            in.issues.values().stream(),
            in.pulls.values().stream().map(one -> one.copy().put("pull_request", new JsonObject())))
        .filter(one -> state.equals("all") || one.getString("state").equals(state))
        .toList();
  }

  private static GitHubReply open(FakeRepository in, JsonObject body) {
    if (body.getString("title", "").isBlank()) {
      return GitHubReply.invalid("Issue", "title", "missing_field", "");
    }
    JsonObject made =
        in.openIssue(FakeGitHub.BOT, body.getString("title"), body.getString("body", ""));
    for (Object label : body.getJsonArray("labels", new JsonArray())) {
      made.getJsonArray("labels").add(new JsonObject().put("name", label));
    }
    return GitHubReply.of(201, made);
  }

  private GitHubReply contents(HttpServerRequest request, FakeRepository in, String rest) {
    String path =
        URLDecoder.decode(
            rest.substring("/contents".length()).replaceFirst("^/", ""), StandardCharsets.UTF_8);
    String ref = parameter(request, "ref", "main");
    try {
      git.git(in.fullName(), "rev-parse", "--verify", "-q", ref + "^{commit}");
    } catch (AssertionError absent) {
      return GitHubReply.error(404, "No commit found for the ref " + ref);
    }
    try {
      String at = ref + ":" + path;
      return git.git(in.fullName(), "cat-file", "-t", at).equals("tree")
          ? GitHubReply.list(entries(in, at, path))
          : file(in, at, path, rest);
    } catch (AssertionError absent) {
      return GitHubReply.notFound();
    }
  }

  private List<JsonObject> entries(FakeRepository in, String at, String path) {
    return git.git(in.fullName(), "ls-tree", "-l", at)
        .lines()
        .map(line -> line.split("\\s+", 5))
        .map(
            parts ->
                new JsonObject()
                    .put("type", parts[1].equals("tree") ? "dir" : "file")
                    .put("name", parts[4])
                    .put("path", path.isEmpty() ? parts[4] : path + "/" + parts[4])
                    .put("sha", parts[2])
                    .put("size", parts[3].equals("-") ? 0 : Integer.parseInt(parts[3])))
        .toList();
  }

  private GitHubReply file(FakeRepository in, String at, String path, String rest) {
    String text = git.git(in.fullName(), "show", at);
    return GitHubReply.ok(
        new JsonObject()
            .put("type", "file")
            .put("encoding", "base64")
            .put("path", path)
            .put("name", path.substring(path.lastIndexOf('/') + 1))
            .put("size", Integer.parseInt(git.git(in.fullName(), "cat-file", "-s", at)))
            .put("sha", git.git(in.fullName(), "rev-parse", at))
            .put("url", in.api + rest)
            .put(
                "content",
                Base64.getMimeEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8))));
  }
}
