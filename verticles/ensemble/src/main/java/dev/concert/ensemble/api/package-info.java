/**
 * The HTTP API: the native routes under {@code /api/v1} and the vendors' routes under {@code /v1}.
 * A sink ({@code NativeSseSink}, {@code NativeJsonSink}) writes a response; handlers add ids, cost,
 * limits and latency as headers.
 *
 * <p>Large on purpose: the routes of every API, and what they share.
 */
package dev.concert.ensemble.api;
