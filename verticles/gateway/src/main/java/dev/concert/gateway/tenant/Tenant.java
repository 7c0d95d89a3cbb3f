package dev.concert.gateway.tenant;

/**
 * One tenant.
 *
 * @param name for people
 * @param createdAt Unix milliseconds
 * @param deleting whether its deletion has begun: from then on nobody can use it
 */
public record Tenant(String id, String name, long createdAt, boolean deleting) {}
