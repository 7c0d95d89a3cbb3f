package dev.concert.ensemble.api;

import io.vertx.core.Handler;
import io.vertx.ext.web.RoutingContext;
import java.util.List;

/**
 * Serves each vendor's API also under a prefix with its name, as base URLs of other gateways have
 * it: {@code /openai}, {@code /anthropic}, {@code /gemini}. The version of the API may be left out.
 */
final class DropInPaths implements Handler<RoutingContext> {
  private static final List<Prefix> PREFIXES =
      List.of(
          new Prefix("/openai", "/v1"),
          new Prefix("/anthropic", "/v1"),
          new Prefix("/gemini", "/v1beta"),
          // Google's own address of its API in OpenAI's format.
          new Prefix("/v1beta/openai", "/v1"));

  private static final String KEY = "ensemble.prefix";

  private record Prefix(String path, String version) {
    boolean begins(String whole) {
      return whole.startsWith(path + "/");
    }

    /** The path without the prefix. */
    String served(String whole) {
      String rest = whole.substring(path.length());
      return rest.matches("/v1(alpha|beta)?/.*") ? rest : version + rest;
    }
  }

  /** Whether the request came under Anthropic's name. */
  static boolean isAnthropic(RoutingContext context) {
    return "/anthropic".equals(context.get(KEY));
  }

  @Override
  public void handle(RoutingContext context) {
    String path = context.request().path();
    for (Prefix prefix : PREFIXES) {
      if (prefix.begins(path)) {
        context.put(KEY, prefix.path());
        String query = context.request().query();
        context.reroute(prefix.served(path) + (query == null ? "" : "?" + query));
        return;
      }
    }
    context.next();
  }
}
