package dev.concert.ensemble.call;

import com.fasterxml.jackson.databind.JsonNode;
import dev.concert.ensemble.block.Block;
import dev.concert.ensemble.message.InferenceResponse;
import dev.concert.ensemble.provider.VendorEvent;
import dev.concert.ensemble.provider.VendorRefusal;
import dev.concert.error.Problem;
import io.vertx.core.buffer.Buffer;
import java.util.List;

/**
 * Receives a response. Called on one context: any number of blocks, then exactly one of {@link
 * #done} and {@link #failed}, unless the client has disconnected.
 */
public interface ResponseSink {

  void block(Block block);

  /**
   * Receives an event of a provider that speaks the client's own API, beside the blocks. A sink
   * that passes events on writes no blocks from the first event on.
   */
  default void relay(VendorEvent event) {
    // Blocks say the same, as far as other APIs can say it.
  }

  /** Receives a piece of an answer that is passed on byte by byte. */
  default void relayBytes(String contentType, Buffer piece) {
    // Only operations that are passed through have such answers.
  }

  /** Receives the whole answer of such a provider, if it does not stream. */
  default void relayWhole(JsonNode body) {
    // As above.
  }

  /**
   * The provider that is called now does not receive these fields of the request. Called before its
   * first block, and again if another provider is called.
   *
   * @param fields their places in the client's request; empty for none
   */
  default void dropped(List<String> fields) {
    // Only HTTP has a place for it.
  }

  void done(InferenceResponse response);

  void failed(Problem problem);

  /**
   * The same where the provider speaks the client's own API and has refused the request itself.
   *
   * @param theirs what the provider has said
   */
  default void refused(VendorRefusal theirs, Problem problem) {
    failed(problem);
  }

  /** Whether more blocks would pile up in memory. */
  boolean full();

  /**
   * The client has disconnected. Returns whether the call goes on nevertheless; then the sink takes
   * the rest and is never {@link #full} again.
   */
  default boolean outlivesClient() {
    return false;
  }

  /**
   * Whether the sink stores the response itself and so takes the rest of it, without being {@link
   * #full} again, when its client has disconnected and the call goes on. Asked once, then.
   */
  default boolean storesTheRest() {
    return false;
  }

  /** The client has disconnected, and the call has ended with it. */
  default void left() {
    // Nobody is there.
  }

  /** Runs the action once, when the sink is no longer {@link #full}. */
  void whenDrained(Runnable action);
}
