package dev.concert.ensemble.compatible;

import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * What a client has sent: its bytes, and those of its headers that a provider with the same API may
 * receive.
 *
 * @param contentType empty if it named none
 * @param headers names in lower case
 */
public record ClientBody(Buffer bytes, String contentType, Map<String, String> headers) {
  private static final Set<String> PAYERS =
      Set.of("anthropic-workspace-id", "anthropic-organization-id");

  /**
   * Takes the headers that switch features of a vendor's API on. Everything else stays here: the
   * client's credentials, its cookies, and headers that choose an organization to pay.
   */
  public static ClientBody of(Buffer bytes, MultiMap headers) {
    Map<String, String> passed = new HashMap<>();
    for (Map.Entry<String, String> header : headers) {
      String name = header.getKey().toLowerCase(Locale.ROOT);
      if (isPassed(name)) {
        passed.merge(name, header.getValue(), (first, next) -> first + "," + next);
      }
    }
    String type = headers.get(HttpHeaders.CONTENT_TYPE);
    return new ClientBody(bytes, type == null ? "" : type, passed);
  }

  private static boolean isPassed(String name) {
    return name.equals("openai-beta") || name.startsWith("anthropic-") && !PAYERS.contains(name);
  }
}
