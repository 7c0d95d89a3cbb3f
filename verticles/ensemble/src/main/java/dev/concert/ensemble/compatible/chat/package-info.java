/**
 * OpenAI's Chat Completions for clients: the mappers convert requests to the native format, {@code
 * ChatResponse} and {@code ChatStreamSink} write responses.
 */
package dev.concert.ensemble.compatible.chat;
