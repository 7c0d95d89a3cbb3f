package dev.concert.ensemble.provider.upstream;

import dev.concert.ensemble.block.Block;
import dev.concert.ensemble.message.InferenceRequest;
import dev.concert.ensemble.model.ServedModel;
import java.util.Map;
import java.util.function.Consumer;

/** How one vendor's API is spoken: pure, without a connection. Thread-safe. */
public interface Dialect {
  /** Our request in the vendor's form; the same for the same request. */
  UpstreamRequest encode(ServedModel model, InferenceRequest request);

  /** A reader for one answer; blocks go to {@code sink} while it reads. */
  AnswerReader reader(Consumer<Block> sink);

  /** False when the vendor does not end an answer at stop sequences; then we do. */
  default boolean takesStopSequences() {
    return true;
  }

  /** The headers that carry the key and whatever else each request needs. */
  Map<String, String> headers(String key);
}
