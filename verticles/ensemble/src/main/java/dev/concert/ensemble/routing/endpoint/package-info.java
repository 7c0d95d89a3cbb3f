/**
 * Endpoints: one address and key of a provider, with its own limits and cache. {@code
 * EndpointSelector} chooses one of a pool by cache value or {@code PoolStrategy}.
 */
package dev.concert.ensemble.routing.endpoint;
