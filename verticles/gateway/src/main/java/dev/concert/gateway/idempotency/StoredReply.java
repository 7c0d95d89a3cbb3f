package dev.concert.gateway.idempotency;

import io.vertx.core.buffer.Buffer;
import java.util.Map;

/**
 * An HTTP reply that can be given again.
 *
 * @param headers of the reply itself, not of the connection
 * @param secret whether it must not be stored
 * @param repeated whether it is given again
 */
public record StoredReply(
    int status, Map<String, String> headers, Buffer body, boolean secret, boolean repeated) {

  public StoredReply(int status, Map<String, String> headers, Buffer body, boolean secret) {
    this(status, headers, body, secret, false);
  }
}
