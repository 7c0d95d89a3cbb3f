/**
 * OpenAI's Responses API: {@code ResponsesRequest} writes requests, {@code ResponsesReader} reads
 * responses, {@code ItemAssembler} puts streamed items together.
 */
package dev.concert.ensemble.provider.responses;
