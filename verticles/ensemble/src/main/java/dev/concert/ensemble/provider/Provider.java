package dev.concert.ensemble.provider;

import dev.concert.ensemble.block.Block;
import dev.concert.ensemble.limit.RateLimit;
import dev.concert.ensemble.message.InferenceRequest;
import dev.concert.ensemble.model.ServedModel;
import java.util.List;
import java.util.function.Consumer;

/** Someone who answers for models. Used from event loops; never blocks. */
public interface Provider {

  String name();

  /** Tells several ways to one provider apart; the same over restarts, without a secret. */
  default String endpoint() {
    return name();
  }

  /** How much this way to the provider may be sent in a minute, by all nodes together. */
  default RateLimit limit() {
    return RateLimit.NONE;
  }

  /** The models it answers for; fixed. */
  List<ServedModel> models();

  /** Whether it has what it needs to be asked at all, which may change. */
  boolean hasKey();

  /** Whether the configuration, or the environment that it names, has a key. */
  default boolean hasConfiguredKey() {
    return false;
  }

  /** False while it is known to fail. */
  boolean healthy();

  /** Whether a call would be sent at all: also while one may try whether it is back. */
  default boolean admits() {
    return healthy();
  }

  /**
   * Starts a call. Blocks go to {@code sink} on the caller's context, in order, never before this
   * method has returned and never after {@link ProviderCall#outcome} is complete.
   *
   * @param model one of {@link #models}
   */
  ProviderCall start(ServedModel model, InferenceRequest request, Consumer<Block> sink);
}
