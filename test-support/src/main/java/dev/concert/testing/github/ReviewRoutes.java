package dev.concert.testing.github;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a pull request changes, and reviews of it, in the played API. Guarded by its server. */
record ReviewRoutes(GitBackend git) {
  private static final Pattern HUNK =
      Pattern.compile("@@ -\\d+(?:,\\d+)? \\+(\\d+)(?:,\\d+)? @@.*");
  private static final Set<String> EVENTS = Set.of("APPROVE", "REQUEST_CHANGES", "COMMENT");

  /** The files of a pull request, as GitHub lists them. */
  List<JsonObject> files(FakeRepository in, JsonObject pull) {
    String base = pull.getJsonObject("base").getString("sha");
    String head = pull.getJsonObject("head").getString("sha");
    List<JsonObject> files = new ArrayList<>();
    for (String line :
        git.git(in.fullName(), "diff", "--name-status", "--no-renames", base, head)
            .lines()
            .toList()) {
      String[] parts = line.split("\t", 2);
      String diff = git.git(in.fullName(), "diff", base, head, "--", parts[1]);
      int hunk = diff.indexOf("\n@@");
      JsonObject file =
          new JsonObject()
              .put("sha", head)
              .put("filename", parts[1])
              .put(
                  "status",
                  switch (parts[0]) {
                    case "A" -> "added";
                    case "D" -> "removed";
                    default -> "modified";
                  });
      if (hunk >= 0) {
        file.put("patch", diff.substring(hunk + 1));
      }
      files.add(file);
    }
    return files;
  }

  private Set<String> places(FakeRepository in, JsonObject pull) {
    Set<String> places = new HashSet<>();
    for (JsonObject file : files(in, pull)) {
      int line = 0;
      for (String one : file.getString("patch", "").split("\n")) {
        Matcher hunk = HUNK.matcher(one);
        if (hunk.matches()) {
          line = Integer.parseInt(hunk.group(1));
        } else if (one.startsWith("+") || one.startsWith(" ")) {
          places.add(file.getString("filename") + ":" + line++);
        }
      }
    }
    return places;
  }

  /** A new review: all of it, or nothing. */
  GitHubReply review(FakeRepository in, JsonObject pull, JsonObject body) {
    String event = body.getString("event", "");
    if (!event.isEmpty() && !EVENTS.contains(event)) {
      return GitHubReply.error(
          422, "Unprocessable Entity: Variable $event of type PullRequestReviewEvent is invalid");
    }
    if (pull.getJsonObject("user").getString("login").equals(FakeGitHub.BOT)
        && !event.equals("COMMENT")) {
      return GitHubReply.unprocessable("Can not approve your own pull request");
    }
    if (body.getString("body", "").isBlank() && !event.equals("APPROVE")) {
      return GitHubReply.unprocessable("Body can't be blank");
    }
    String commit = body.getString("commit_id", pull.getJsonObject("head").getString("sha"));
    if (!commit.equals(pull.getJsonObject("head").getString("sha"))
        && !git.isCommit(in.fullName(), commit)) {
      return GitHubReply.unprocessable("Commit could not be resolved");
    }
    Set<String> places = places(in, pull);
    Set<String> paths = new HashSet<>();
    places.forEach(place -> paths.add(place.substring(0, place.lastIndexOf(':'))));
    JsonArray comments = body.getJsonArray("comments", new JsonArray());
    for (Object one : comments) {
      JsonObject comment = (JsonObject) one;
      if (!paths.contains(comment.getString("path"))) {
        return GitHubReply.unprocessable("Path could not be resolved");
      }
      if (!places.contains(comment.getString("path") + ":" + comment.getInteger("line"))) {
        return GitHubReply.unprocessable("Line could not be resolved");
      }
    }
    int number = pull.getInteger("number");
    JsonObject made = in.review(number, body.copy().put("commit_id", commit));
    for (Object one : comments) {
      JsonObject comment = (JsonObject) one;
      in.reviewComment(
          FakeGitHub.BOT,
          number,
          comment.getString("path"),
          comment.getInteger("line"),
          comment.getString("body"),
          0);
    }
    return GitHubReply.ok(made);
  }

  static List<JsonObject> of(FakeRepository in, int pull) {
    return in.reviews.stream()
        .filter(one -> Optional.of(pull).equals(Optional.ofNullable(one.getInteger("number"))))
        .toList();
  }
}
