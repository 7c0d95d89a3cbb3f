package dev.concert.ensemble.routing;

import dev.concert.ensemble.message.InferenceRequest;
import dev.concert.ensemble.model.ServedModel;
import dev.concert.ensemble.provider.Provider;

/** A model and the provider that serves it. */
public record ModelRoute(ServedModel model, Provider provider) {

  /** Whether the provider answers in the API in which the client has asked. */
  public boolean speaksApiOf(InferenceRequest request) {
    return provider.wire(model, request).flatMap(request::clientOn).isPresent();
  }
}
