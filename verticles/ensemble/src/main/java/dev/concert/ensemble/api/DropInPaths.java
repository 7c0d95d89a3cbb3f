package dev.concert.ensemble.api;

import io.vertx.core.Handler;
import io.vertx.ext.web.RoutingContext;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Serves each vendor's API also under a prefix with its name, as base URLs of other gateways have
 * it: {@code /openai}, {@code /anthropic}, {@code /gemini}. The version of the API may be left out.
 * Clients of Azure find OpenAI's paths below {@code /openai/deployments/MODEL}.
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
  private static final String DEPLOYMENT = "ensemble.deployment";

  /** Azure's address of a model, which its clients put before OpenAI's path. */
  private static final Pattern AZURES = Pattern.compile("/openai/deployments/([^/]+)(/.+)");

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

  private static String decoded(String segment) {
    try {
      return URLDecoder.decode(segment.replace("+", "%2B"), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException notEncoded) {
      return segment;
    }
  }

  /** The model that Azure's clients name in the path. */
  static Optional<String> deployment(RoutingContext context) {
    return Optional.ofNullable(context.get(DEPLOYMENT));
  }

  @Override
  public void handle(RoutingContext context) {
    String path = context.request().path();
    Matcher azures = AZURES.matcher(path);
    if (azures.matches()) {
      context.put(DEPLOYMENT, decoded(azures.group(1)));
      context.reroute("/v1" + azures.group(2));
      return;
    }
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
