package dev.concert.testing.github;

import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The routes of checks in the played API. Guarded by its server. */
record CheckRoutes(GitBackend git) {
  private static final int MOST = 50;
  private static final int LONGEST = 65_535;
  private static final Set<String> CONCLUSIONS =
      Set.of(
          "action_required", "cancelled", "failure", "neutral", "success", "skipped", "timed_out");

  static boolean isFor(String rest) {
    return rest.matches("/check-runs(/\\d+)?|/commits/[^/]+/check-runs");
  }

  GitHubReply answer(HttpServerRequest request, FakeRepository in, String rest, JsonObject body) {
    String method = request.method().name();
    List<String> parts = GitHubRoutes.parts(rest);
    if (rest.startsWith("/commits/")) {
      return list(in, parts.get(2), Optional.ofNullable(request.getParam("check_name")));
    }
    if (parts.size() == 2) {
      return method.equals("POST") ? create(in, body) : GitHubReply.notFound();
    }
    Optional<JsonObject> found = FakeRepository.byId(in.checks, parts.get(2));
    if (found.isEmpty()) {
      return GitHubReply.notFound();
    }
    if (method.equals("GET")) {
      return GitHubReply.ok(found.get());
    }
    return method.equals("PATCH")
        ? fault(body)
            .orElseGet(
                () -> {
                  in.change(found.get(), body);
                  return GitHubReply.ok(found.get());
                })
        : GitHubReply.notFound();
  }

  private static GitHubReply list(FakeRepository in, String commit, Optional<String> name) {
    List<JsonObject> found =
        in.checks.stream()
            .filter(one -> one.getString("head_sha").equals(commit))
            .filter(one -> name.isEmpty() || name.get().equals(one.getString("name")))
            .toList();
    return GitHubReply.ok(
        new JsonObject().put("total_count", found.size()).put("check_runs", new JsonArray(found)));
  }

  private GitHubReply create(FakeRepository in, JsonObject body) {
    if (body.getString("name", "").isBlank() || !body.containsKey("head_sha")) {
      return invalid("\"name\", \"head_sha\" weren't supplied.");
    }
    String commit = body.getString("head_sha");
    if (!commit.matches("[0-9a-f]{40}") || !git.isCommit(in.fullName(), commit)) {
      return GitHubReply.error(422, "No commit found for SHA: " + commit);
    }
    return fault(body).orElseGet(() -> GitHubReply.of(201, in.check(body)));
  }

  private static GitHubReply invalid(String what) {
    return GitHubReply.error(422, "Invalid request.\n\n" + what);
  }

  private static Optional<GitHubReply> fault(JsonObject body) {
    String conclusion = body.getString("conclusion", "");
    if ("completed".equals(body.getString("status")) && conclusion.isEmpty()) {
      return Optional.of(invalid("\"conclusion\" wasn't supplied."));
    }
    if (!conclusion.isEmpty() && !CONCLUSIONS.contains(conclusion)) {
      return Optional.of(invalid(conclusion + " is not a member of " + CONCLUSIONS + "."));
    }
    JsonObject output = body.getJsonObject("output");
    if (output == null) {
      return Optional.empty();
    }
    if (!output.containsKey("title") || !output.containsKey("summary")) {
      return Optional.of(invalid("\"title\", \"summary\" weren't supplied."));
    }
    if (output.getString("summary").length() > LONGEST) {
      return Optional.of(invalid("Only 65535 characters are allowed."));
    }
    JsonArray annotations = output.getJsonArray("annotations", new JsonArray());
    if (annotations.size() > MOST) {
      return Optional.of(
          invalid(
              "No more than 50 items are allowed; %d were supplied."
                  .formatted(annotations.size())));
    }
    boolean isWhole =
        annotations.stream()
            .map(JsonObject.class::cast)
            .allMatch(
                one ->
                    one.containsKey("path")
                        && one.getInteger("start_line", 0) > 0
                        && one.getInteger("end_line", 0) >= one.getInteger("start_line")
                        && Set.of("notice", "warning", "failure")
                            .contains(one.getString("annotation_level", ""))
                        && !one.getString("message", "").isBlank());
    return isWhole
        ? Optional.empty()
        : Optional.of(invalid("For 'items/annotations', a field wasn't supplied."));
  }
}
