/**
 * Routing: which endpoint serves a call. {@code ModelRegistry} knows the models and their {@code
 * CapacityPool}s; {@code CallRouter} chooses the first endpoint, {@code CallAttempts} the next ones
 * after a failure.
 */
package dev.concert.ensemble.routing;
