package dev.concert.ensemble.routing;

import dev.concert.ensemble.routing.endpoint.ProviderEndpoint;

/** An endpoint of a pool, and how it serves the model. */
record PoolMember(ModelRoute route, ProviderEndpoint endpoint) {}
