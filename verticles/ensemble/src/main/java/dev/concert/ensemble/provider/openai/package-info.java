/** OpenAI itself, which has two APIs for conversations. */
package dev.concert.ensemble.provider.openai;
