package dev.concert.ensemble.routing;

import dev.concert.ensemble.model.ServedModel;
import dev.concert.ensemble.provider.Provider;

/** Where the calls for a model go. */
public record ModelRoute(ServedModel model, Provider provider) {}
