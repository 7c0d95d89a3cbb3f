package dev.concert.bench;

import java.util.Map;

/**
 * A way to the model: none in between, Ensemble, or a peer.
 *
 * @param headers what it wants with each request
 */
record MeasuredRoute(String name, int port, Map<String, String> headers) {}
