/**
 * What the gateway itself asks a model for; agents ask Ensemble themselves.
 *
 * <p>The {@link dev.concert.gateway.inference.EnsembleClient} sends a {@link
 * dev.concert.gateway.inference.GenerationRequest} and gets a {@link
 * dev.concert.gateway.inference.Generation}. The {@link dev.concert.gateway.inference.SessionNamer}
 * names sessions with it.
 */
package dev.concert.gateway.inference;
