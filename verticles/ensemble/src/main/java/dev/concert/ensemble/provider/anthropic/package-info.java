/**
 * Anthropic's Messages API: {@code MessagesRequest} writes requests, {@code MessagesReader} reads
 * responses, the mappers convert messages and blocks.
 */
package dev.concert.ensemble.provider.anthropic;
