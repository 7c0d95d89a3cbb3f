package dev.concert.testing.github;

import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
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

  /** What GitHub says of a review. */
  static GitHubReply unprocessable(String why) {
    return of(
        422,
        new JsonObject()
            .put("message", "Unprocessable Entity")
            .put("errors", new JsonArray().add(why))
            .put("documentation_url", "https://docs.github.com/rest/pulls/reviews")
            .put("status", "422"));
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
      case NOT_GRANTED ->
          unprocessable("The permissions requested are not granted to this installation.");
      case LINE_GONE -> unprocessable("Line could not be resolved");
      case SERVER_ERROR, CUT_AFTER -> error(502, "Server Error");
      case CUT_BEFORE -> error(502, "Server Error").cut();
    };
  }

  GitHubReply with(Map<String, String> more) {
    return new GitHubReply(status, body, more, isCut);
  }

  GitHubReply cut() {
    return new GitHubReply(status, body, headers, true);
  }

  private String tag() {
    return "W/\"" + Integer.toHexString(body.hashCode()) + "\"";
  }

  private boolean isRead(HttpServerRequest request) {
    return request.method().name().equals("GET") && status == 200;
  }

  /** Whether who asks has this answer already. */
  boolean isKnown(HttpServerRequest request) {
    return !isCut && isRead(request) && tag().equals(request.getHeader("If-None-Match"));
  }

  void send(HttpServerRequest request) {
    if (isCut) {
      request.connection().close();
      return;
    }
    Map<String, String> all = new LinkedHashMap<>(headers);
    all.put("Content-Type", "application/json; charset=utf-8");
    all.put("Date", DateTimeFormatter.RFC_1123_DATE_TIME.format(ZonedDateTime.now(ZoneOffset.UTC)));
    all.put("X-GitHub-Media-Type", "github.v3; format=json");
    all.forEach(request.response()::putHeader);
    if (isRead(request)) {
      request.response().putHeader("ETag", tag());
    }
    if (isKnown(request)) {
      request.response().setStatusCode(304).end();
      return;
    }
    request.response().setStatusCode(status).end(body);
  }
}
