package dev.concert.ensemble.routing;

import dev.concert.ensemble.routing.choice.Endpoint;

/** An endpoint as it serves one model. */
record Member(ModelRoute route, Endpoint endpoint) {}
