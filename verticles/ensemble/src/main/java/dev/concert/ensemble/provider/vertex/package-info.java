/**
 * Google Vertex AI: Claude by {@code rawPredict} with the body of Anthropic's API, Gemini by {@code
 * generateContent}. A {@code ServiceAccount} signs for an access token.
 */
package dev.concert.ensemble.provider.vertex;
