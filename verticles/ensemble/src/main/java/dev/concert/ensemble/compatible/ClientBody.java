package dev.concert.ensemble.compatible;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What a client has sent: its bytes, and those of its headers that a provider with the same API may
 * receive.
 *
 * @param contentType empty if it named none
 * @param headers names in lower case
 * @param model the model that the path names; empty: the body names it
 */
public record ClientBody(
    Buffer bytes, String contentType, Map<String, String> headers, Optional<String> model) {
  private static final Set<String> PAYERS =
      Set.of(
          "anthropic-workspace-id",
          "anthropic-organization-id",
          "openai-organization",
          "openai-project");

  /** Beginnings of the names of headers that only the vendors' own APIs have. */
  private static final List<String> VENDORS =
      List.of("anthropic-", "openai-", "x-openai-", "x-codex-", "x-grok-");

  /** A client that names the model in the body. */
  public ClientBody(Buffer bytes, String contentType, Map<String, String> headers) {
    this(bytes, contentType, headers, Optional.empty());
  }

  /**
   * Takes the headers that switch features of a vendor's API on. Everything else stays here: the
   * client's credentials, its cookies, and headers that choose an organization to pay.
   */
  public static ClientBody of(Buffer bytes, MultiMap headers) {
    return of(bytes, headers, Optional.empty());
  }

  /** The same of a client whose path may name the model. */
  public static ClientBody of(Buffer bytes, MultiMap headers, Optional<String> model) {
    Map<String, String> passed = new HashMap<>();
    for (Map.Entry<String, String> header : headers) {
      String name = header.getKey().toLowerCase(Locale.ROOT);
      if (isPassed(name)) {
        passed.merge(name, header.getValue(), (first, next) -> first + "," + next);
      }
    }
    String type = headers.get(HttpHeaders.CONTENT_TYPE);
    return new ClientBody(bytes, type == null ? "" : type, passed, model);
  }

  /**
   * @throws dev.concert.error.ConcertException {@code INVALID_JSON}
   */
  public ObjectNode json() {
    ObjectNode object = VendorJson.object(bytes);
    model.ifPresent(name -> object.put("model", name));
    return object;
  }

  private static boolean isPassed(String name) {
    return VENDORS.stream().anyMatch(name::startsWith) && !PAYERS.contains(name);
  }
}
