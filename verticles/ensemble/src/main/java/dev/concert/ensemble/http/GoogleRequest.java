package dev.concert.ensemble.http;

import io.vertx.core.http.HttpServerRequest;

/** Recognizes requests in Google's API, some of whose paths are also OpenAI's. */
public final class GoogleRequest {
  private GoogleRequest() {}

  public static boolean is(HttpServerRequest request) {
    return hasPath(request.path())
        || request.headers().contains("x-goog-api-key")
        || request.headers().contains("x-goog-api-client");
  }

  /** Whether the path is only Google's: its version, or {@code models/{model}:{method}}. */
  static boolean hasPath(String path) {
    return path.startsWith("/v1beta/")
        || path.startsWith("/v1alpha/")
        || (path.startsWith("/v1/models/") && path.contains(":"));
  }
}
