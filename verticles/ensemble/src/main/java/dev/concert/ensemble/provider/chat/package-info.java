/**
 * Chat Completions of OpenAI, xAI, OpenRouter and compatible servers: {@code ChatRequest} writes
 * requests, {@code ChatReader} reads responses, {@code ChatTraits} says how servers differ.
 */
package dev.concert.ensemble.provider.chat;
