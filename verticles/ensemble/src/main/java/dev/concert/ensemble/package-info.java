/**
 * Ensemble, the LLM inference gateway. {@code EnsembleVerticle} wires the packages below: a request
 * enters through {@code api} or {@code socket}, passes the {@code pipeline}, and is answered by a
 * {@code provider}. {@code AccessControl} opens keys, secrets and limits; {@code ProviderSet}
 * creates the providers; {@code BusService} serves the event bus.
 */
package dev.concert.ensemble;
