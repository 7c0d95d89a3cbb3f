package dev.concert.testing.github;

import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Optional;

/** The routes of pull requests in the played API. Guarded by its server. */
record PullRoutes(GitBackend git) {
  GitHubReply answer(HttpServerRequest request, FakeRepository in, String rest, JsonObject body) {
    String call = request.method() + " " + rest;
    List<String> parts = GitHubRoutes.parts(rest);
    if (call.equals("GET /pulls")) {
      return list(request, in);
    }
    if (call.equals("POST /pulls")) {
      return open(in, body);
    }
    if (call.matches("(GET|PATCH) /pulls/comments/\\d+")) {
      return FakeRepository.byId(in.reviewComments, parts.get(3))
          .map(
              found ->
                  GitHubReply.ok(
                      call.startsWith("GET") ? found : found.put("body", body.getString("body"))))
          .orElseGet(GitHubReply::notFound);
    }
    if (!rest.matches("/pulls/\\d+(/.*)?") || !in.pulls.containsKey(number(parts))) {
      return GitHubReply.notFound();
    }
    JsonObject pull = in.pulls.get(number(parts));
    follow(in, pull);
    if (call.matches("GET /pulls/\\d+")) {
      return GitHubReply.ok(pull);
    }
    if (call.matches("GET /pulls/\\d+/comments")) {
      String of = "/pulls/" + number(parts);
      return GitHubReply.list(
          in.reviewComments.stream()
              .filter(one -> one.getString("pull_request_url").endsWith(of))
              .toList());
    }
    if (call.matches("POST /pulls/\\d+/comments/\\d+/replies")) {
      return reply(in, number(parts), parts.get(4), body);
    }
    if (call.matches("POST /pulls/\\d+/requested_reviewers")) {
      return reviewers(in, pull, body);
    }
    ReviewRoutes reviews = new ReviewRoutes(git);
    return switch (call.replaceFirst("\\d+", "N")) {
      case "GET /pulls/N/files" ->
          GitHubReply.list(RepositoryRoutes.page(request, reviews.files(in, pull)));
      case "GET /pulls/N/reviews" ->
          GitHubReply.list(RepositoryRoutes.page(request, ReviewRoutes.of(in, number(parts))));
      case "POST /pulls/N/reviews" -> reviews.review(in, pull, body);
      default -> GitHubReply.notFound();
    };
  }

  /** The head of a pull request is where its branch is. */
  private void follow(FakeRepository in, JsonObject pull) {
    JsonObject head = pull.getJsonObject("head");
    if (head.getJsonObject("repo").getLong("id").equals(in.id)) {
      git.commit(in.fullName(), head.getString("ref")).ifPresent(sha -> head.put("sha", sha));
    }
  }

  private static int number(List<String> parts) {
    return Integer.parseInt(parts.get(2));
  }

  private static GitHubReply list(HttpServerRequest request, FakeRepository in) {
    String head = Optional.ofNullable(request.getParam("head")).orElse("");
    String state = Optional.ofNullable(request.getParam("state")).orElse("open");
    return GitHubReply.list(
        in.pulls.values().stream()
            .filter(
                one -> head.isEmpty() || one.getJsonObject("head").getString("label").equals(head))
            .filter(one -> state.equals("all") || one.getString("state").equals(state))
            .toList());
  }

  private GitHubReply open(FakeRepository in, JsonObject body) {
    String head = body.getString("head", "");
    String base = body.getString("base", "");
    if (body.getString("title", "").isBlank()) {
      return GitHubReply.invalid("PullRequest", "title", "missing_field", "");
    }
    Optional<String> at = git.commit(in.fullName(), head);
    Optional<String> from = git.commit(in.fullName(), base);
    if (at.isEmpty() || from.isEmpty()) {
      return GitHubReply.invalid("PullRequest", at.isEmpty() ? "head" : "base", "invalid", "");
    }
    boolean isThere =
        in.pulls.values().stream()
            .anyMatch(
                one ->
                    one.getString("state").equals("open")
                        && one.getJsonObject("head").getString("ref").equals(head));
    if (isThere) {
      return GitHubReply.invalid(
          "PullRequest",
          "",
          "custom",
          "A pull request already exists for %s:%s.".formatted(in.owner, head));
    }
    if (at.equals(from)) {
      return GitHubReply.invalid(
          "PullRequest", "", "custom", "No commits between %s and %s".formatted(base, head));
    }
    return GitHubReply.of(201, in.openPull(FakeGitHub.BOT, body, at.get(), from.get()));
  }

  private static GitHubReply reply(FakeRepository in, int pull, String comment, JsonObject body) {
    Optional<JsonObject> first = FakeRepository.byId(in.reviewComments, comment);
    if (first.isEmpty()) {
      return GitHubReply.notFound();
    }
    if (body.getString("body", "").isBlank()) {
      return GitHubReply.invalid(
          "PullRequestReviewComment", "body", "missing_field", "Body cannot be blank");
    }
    return GitHubReply.of(
        201,
        in.reviewComment(
            FakeGitHub.BOT,
            pull,
            first.get().getString("path"),
            first.get().getInteger("line"),
            body.getString("body"),
            first.get().getLong("id")));
  }

  private static GitHubReply reviewers(FakeRepository in, JsonObject pull, JsonObject body) {
    JsonArray wanted = body.getJsonArray("reviewers", new JsonArray());
    for (Object login : wanted) {
      if (!in.people.containsKey(login.toString())) {
        return GitHubReply.error(
            422,
            "Reviews may only be requested from collaborators. One or more of the users or teams"
                + " you specified is not a collaborator of the %s repository."
                    .formatted(in.fullName()));
      }
      pull.getJsonArray("requested_reviewers").add(FakeRepository.user(login.toString()));
    }
    return GitHubReply.of(201, pull);
  }
}
