/**
 * Azure OpenAI: the dialects of OpenAI at Azure's addresses, either {@code /openai/v1} or a
 * deployment with an {@code api-version}.
 */
package dev.concert.ensemble.provider.azure;
