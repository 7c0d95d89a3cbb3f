package dev.concert.ensemble.call;

import dev.concert.ensemble.access.Caller;

/** The id of a call and its caller. */
public record CallIdentity(String requestId, Caller caller) {}
