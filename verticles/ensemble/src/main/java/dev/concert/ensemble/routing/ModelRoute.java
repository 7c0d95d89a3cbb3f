package dev.concert.ensemble.routing;

import dev.concert.ensemble.model.ServedModel;
import dev.concert.ensemble.provider.Provider;

/** A model and the provider that serves it. */
public record ModelRoute(ServedModel model, Provider provider) {}
