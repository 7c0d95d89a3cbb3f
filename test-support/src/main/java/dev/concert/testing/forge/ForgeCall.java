package dev.concert.testing.forge;

import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A call of a played API.
 *
 * @param path below the API, as it was sent
 */
record ForgeCall(HttpServerRequest request, String path, JsonObject body) {
  String method() {
    return request.method().name();
  }

  /** The parts of the path that a pattern names; empty where it is another call. */
  Optional<String[]> match(String method, String pattern) {
    Matcher matcher = Pattern.compile(pattern).matcher(path);
    if (!method().equals(method) || !matcher.matches()) {
      return Optional.empty();
    }
    String[] parts = new String[matcher.groupCount()];
    for (int i = 0; i < parts.length; i++) {
      parts[i] = URLDecoder.decode(matcher.group(i + 1), StandardCharsets.UTF_8);
    }
    return Optional.of(parts);
  }

  String parameter(String name) {
    return Optional.ofNullable(request.getParam(name)).orElse("");
  }

  String header(String name) {
    return Optional.ofNullable(request.getHeader(name)).orElse("");
  }
}
