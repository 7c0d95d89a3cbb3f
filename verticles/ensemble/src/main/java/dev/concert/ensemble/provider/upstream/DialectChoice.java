package dev.concert.ensemble.provider.upstream;

import dev.concert.ensemble.message.InferenceRequest;
import dev.concert.ensemble.model.ServedModel;
import java.util.Map;

/**
 * The APIs of one vendor; most have one, a cloud has one for each family of models. Thread-safe.
 */
public interface DialectChoice {
  /** The dialect in which the model answers this request. */
  Dialect of(ServedModel model, InferenceRequest request);

  /** The headers with the key and whatever else each request needs. */
  Map<String, String> headers(String key);

  /** Whether the vendor has OpenAI's operations beside conversations. */
  default boolean passesThrough() {
    return false;
  }

  /** A request that is passed through, which names OpenAI's path, at the place it has here. */
  default UpstreamRequest passed(ServedModel model, UpstreamRequest request) {
    return request;
  }
}
