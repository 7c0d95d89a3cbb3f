/**
 * A call while it runs: {@code InferenceCall} passes the provider's stream to a {@code
 * ResponseSink}, with retries and timeouts; {@code ActiveCalls} drains them when Ensemble stops;
 * {@code CallLog} writes one line for each.
 */
package dev.concert.ensemble.call;
