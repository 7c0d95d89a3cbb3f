package dev.concert.ensemble.provider.upstream;

import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import java.net.URI;
import java.util.List;
import java.util.Map;

/**
 * Proves to a vendor who calls: with a key, with a token that has to be fetched, or with a
 * signature over the request. Used on several contexts at once.
 */
public interface RequestAuthorization {
  /** A request that is about to be sent: JSON, by POST. */
  record Unsigned(URI uri, Buffer body) {}

  /**
   * An answer that refuses a request.
   *
   * @param body at most 64 KiB of it
   */
  record Refusal(int status, MultiMap headers, String body) {}

  /**
   * The headers to add.
   *
   * @return fails with a {@code ConcertException} without a secret in it
   */
  Future<Map<String, String>> headers(Unsigned request);

  /** Whether it can now do better, so that the refused request is worth one more attempt. */
  default boolean improves(Refusal refusal) {
    return false;
  }

  /** What must not be repeated in a message. */
  default List<String> secrets() {
    return List.of();
  }
}
