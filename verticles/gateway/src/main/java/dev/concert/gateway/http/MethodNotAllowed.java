package dev.concert.gateway.http;

import dev.concert.error.ErrorCode;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.Router;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Refuses the methods that a path does not have, and names those that it has. */
public final class MethodNotAllowed {
  private MethodNotAllowed() {}

  /**
   * To be called after the routes of the path.
   *
   * @param methods that the path has; {@code HEAD} goes with {@code GET}
   */
  public static void add(Router router, String path, List<HttpMethod> methods) {
    String allowed =
        methods.stream()
            .flatMap(
                method ->
                    method == HttpMethod.GET
                        ? Stream.of(method, HttpMethod.HEAD)
                        : Stream.of(method))
            .map(HttpMethod::name)
            .sorted()
            .collect(Collectors.joining(", "));
    router
        .route(path)
        .handler(
            request -> {
              request.response().putHeader("Allow", allowed);
              ProblemResponse.refuse(
                  request,
                  ErrorCode.METHOD_NOT_ALLOWED,
                  "This path does not have the method " + request.request().method() + ".");
            });
  }
}
