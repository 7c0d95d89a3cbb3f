package dev.concert.ensemble.provider.upstream;

import com.fasterxml.jackson.databind.JsonNode;
import dev.concert.ensemble.model.TokenCount;
import dev.concert.ensemble.provider.ProviderOutcome;
import io.vertx.core.buffer.Buffer;
import java.util.Optional;

/**
 * Reads one response: either the events of a stream or a whole body, and then the {@link #end}. Not
 * thread-safe.
 *
 * <p>Every method may throw a {@code ConcertException}: a malformed or unfinished response is never
 * a normal end.
 */
public interface ResponseReader {
  void event(SseEvent event);

  /** Reads the body of a response that is not a stream. */
  void whole(JsonNode body);

  /** Whether the body is taken piece by piece, whatever it is. */
  default boolean takesBytes() {
    return false;
  }

  /**
   * Takes a piece of such a body.
   *
   * @param contentType its media type
   */
  default void bytes(String contentType, Buffer piece) {
    throw new IllegalStateException("This reader takes no bytes");
  }

  /** Whether the vendor's end mark was read. */
  boolean isLast();

  /** The outcome. Called once, at the end mark or at the clean end of the body. */
  ProviderOutcome end();

  /** The token counts so far, for a response that is cut off. */
  Optional<TokenCount> counted();
}
