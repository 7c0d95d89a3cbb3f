package dev.concert.ensemble.stream;

import dev.concert.ensemble.access.Caller;

/** Which call this is and whose. */
public record CallIdentity(String requestId, Caller caller) {}
