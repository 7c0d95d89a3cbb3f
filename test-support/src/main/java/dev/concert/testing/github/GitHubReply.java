package dev.concert.testing.github;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;

/** What the played GitHub answers. */
record GitHubReply(int status, String body, Map<String, String> headers, boolean isCut) {
  static GitHubReply ok(JsonObject body) {
    return of(200, body);
  }

  static GitHubReply of(int status, JsonObject body) {
    return new GitHubReply(status, body.encode(), Map.of(), false);
  }

  static GitHubReply list(List<JsonObject> all) {
    return new GitHubReply(200, new JsonArray(all).encode(), Map.of(), false);
  }

  static GitHubReply error(int status, String message) {
    return of(
        status,
        new JsonObject()
            .put("message", message)
            .put("documentation_url", "https://docs.github.com/rest")
            .put("status", Integer.toString(status)));
  }

  /** What GitHub says of a field. */
  static GitHubReply invalid(String resource, String field, String code, String message) {
    JsonObject error = new JsonObject().put("resource", resource).put("code", code);
    if (!field.isEmpty()) {
      error.put("field", field);
    }
    if (!message.isEmpty()) {
      error.put("message", message);
    }
    return of(
        422,
        new JsonObject()
            .put("message", "Validation Failed")
            .put("errors", new JsonArray().add(error))
            .put("documentation_url", "https://docs.github.com/rest")
            .put("status", "422"));
  }

  /** It is done, and there is nothing to say. */
  static GitHubReply nothing() {
    return new GitHubReply(204, "", Map.of(), false);
  }

  static GitHubReply notFound() {
    return error(404, "Not Found");
  }

  static GitHubReply of(FakeGitHub.Fault fault) {
    return switch (fault) {
      case SECONDARY_LIMIT ->
          error(
              403,
              "You have exceeded a secondary rate limit. Please wait a few minutes before you try"
                  + " again.");
      case RETRY_AFTER -> error(429, "API rate limit exceeded").with(Map.of("Retry-After", "2"));
      case SERVER_ERROR, CUT_AFTER -> error(502, "Server Error");
    };
  }

  private GitHubReply with(Map<String, String> more) {
    return new GitHubReply(status, body, more, isCut);
  }

  GitHubReply cut() {
    return new GitHubReply(status, body, headers, true);
  }
}
