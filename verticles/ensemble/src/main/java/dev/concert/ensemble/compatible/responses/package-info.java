/**
 * OpenAI's Responses for clients: the mappers convert input items to the native format, {@code
 * ResponseObject} and {@code ResponsesStreamSink} write responses, one item at a time.
 */
package dev.concert.ensemble.compatible.responses;
