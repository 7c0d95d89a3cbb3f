/**
 * Google's Gemini API for clients: the mappers convert requests to the native format, {@code
 * GeminiResponse} and {@code GeminiStreamSink} write responses.
 *
 * <p>Clients of this API keep the {@code thoughtSignature} of a part and may forget thoughts. So
 * what another vendor wants back (its signed thinking, its encrypted reasoning) travels as a {@code
 * ThoughtSignature} on the part that follows it.
 */
package dev.concert.ensemble.compatible.gemini;
