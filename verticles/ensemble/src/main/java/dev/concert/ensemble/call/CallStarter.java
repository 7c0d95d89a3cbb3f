package dev.concert.ensemble.call;

import dev.concert.ensemble.message.InferenceRequest;
import dev.concert.ensemble.model.ServedModel;
import dev.concert.ensemble.provider.AnswerSink;
import dev.concert.ensemble.provider.Provider;
import dev.concert.ensemble.provider.ProviderCall;

/** Starts a call at a provider; what stands between may hold the answer back. */
@FunctionalInterface
public interface CallStarter {
  /** As {@link Provider#start}. */
  ProviderCall start(
      Provider provider, ServedModel model, InferenceRequest request, AnswerSink sink);
}
