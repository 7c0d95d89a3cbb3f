package dev.concert.foundation.http;

import io.vertx.core.http.HttpServerRequest;
import java.util.Locale;
import java.util.Set;

/** The names by which a browser reaches its own machine. */
public final class LoopbackNames {
  private static final Set<String> NAMES = Set.of("localhost", "127.0.0.1", "[::1]", "::1");

  private LoopbackNames() {}

  /** Whether the browser uses such a name, and no TLS that a proxy may have ended. */
  public static boolean isPlain(HttpServerRequest request) {
    return !request.isSSL()
        && request.authority() != null
        && NAMES.contains(request.authority().host().toLowerCase(Locale.ROOT));
  }
}
