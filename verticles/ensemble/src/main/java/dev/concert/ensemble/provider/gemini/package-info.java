/**
 * Google's Gemini API: {@code GenerateRequest} writes requests, {@code GenerateReader} reads
 * responses, the mappers convert messages and parts.
 */
package dev.concert.ensemble.provider.gemini;
