package dev.concert.ensemble.provider;

import com.fasterxml.jackson.databind.JsonNode;
import dev.concert.ensemble.block.Block;
import io.vertx.core.buffer.Buffer;
import java.util.function.Consumer;

/** Receives the answer of a provider. Called on the context of the call. */
public interface AnswerSink extends Consumer<Block> {

  /** The provider has sent something that is held back for now. */
  default void arrived() {
    // Only a timeout needs to know.
  }

  /**
   * Receives an event of a provider that speaks the client's own API, after the blocks that were
   * read from it. Events before the first block come together with it, so that a call which fails
   * before can still go elsewhere.
   */
  default void relay(VendorEvent event) {
    // Blocks say what other APIs need.
  }

  /**
   * Receives a piece of an answer that is passed on byte by byte.
   *
   * @param contentType its media type
   */
  default void relayBytes(String contentType, Buffer piece) {
    // Nobody asks for it where it cannot go.
  }

  /** Receives the whole answer of a provider that does not stream, after its blocks. */
  default void relayWhole(JsonNode body) {
    // As above.
  }
}
