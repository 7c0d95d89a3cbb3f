package dev.concert.ensemble.http;

import dev.concert.error.ConcertException;
import dev.concert.error.ErrorCode;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.Route;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * The last handler of a router: 404 for a path that no route has, 405 with {@code Allow} for a path
 * that has routes for other methods.
 */
public final class UnknownPathHandler implements Handler<RoutingContext> {
  private static final Pattern PARAMETER = Pattern.compile("/:[A-Za-z0-9_]+");

  private final Router routes;

  /**
   * @param routes the router whose last handler this is; its routes may be added later
   */
  public UnknownPathHandler(Router routes) {
    this.routes = routes;
  }

  @Override
  public void handle(RoutingContext context) {
    HttpMethod method = context.request().method();
    Set<String> allowed = methods(context);
    if (allowed.isEmpty() || allowed.contains(method.name())) {
      throw new ConcertException(ErrorCode.NOT_FOUND, "There is no " + method + " at this path.");
    }
    String names = String.join(", ", allowed);
    context.response().putHeader(HttpHeaders.ALLOW, names);
    if (method.equals(HttpMethod.OPTIONS)) {
      context.response().setStatusCode(204).end();
      return;
    }
    throw new ConcertException(
        ErrorCode.METHOD_NOT_ALLOWED,
        "There is no %s at this path, but %s.".formatted(method, names));
  }

  private Set<String> methods(RoutingContext context) {
    String mounted = context.mountPoint() == null ? "" : context.mountPoint();
    String rest = context.normalizedPath().substring(mounted.length());
    String path = rest.startsWith("/") ? rest : "/" + rest;
    Set<String> names = new TreeSet<>();
    for (Route route : routes.getRoutes()) {
      if (route.methods() != null && serves(route, path)) {
        route.methods().forEach(method -> names.add(method.name()));
      }
    }
    return names;
  }

  private static boolean serves(Route route, String path) {
    if (route.getPath() == null) {
      return false;
    }
    if (route.isRegexPath()) {
      // Vert.x also reports a path with parameters as a pattern, but returns it as it was written.
      return path.matches(PARAMETER.matcher(route.getPath()).replaceAll("/[^/]+"));
    }
    return route.isExactPath()
        ? path.equals(route.getPath())
        : path.startsWith(route.getPath().replaceAll("\\*$", ""));
  }
}
