/**
 * Anthropic's Messages for clients: the mappers convert requests to the native format, {@code
 * MessagesResponse} and {@code MessagesStreamSink} write responses.
 */
package dev.concert.ensemble.compatible.messages;
