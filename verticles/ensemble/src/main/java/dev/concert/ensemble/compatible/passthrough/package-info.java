/**
 * Operations beside the conversation (embeddings, text completions, moderations, ranking, images):
 * the client's body goes to a provider that has the same operation, and its answer comes back. The
 * call is authenticated, limited, priced and recorded like any other.
 */
package dev.concert.ensemble.compatible.passthrough;
