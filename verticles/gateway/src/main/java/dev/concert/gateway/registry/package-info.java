/**
 * Which sessions a tenant has: one {@code registry.db} for each tenant. {@code Registries} opens
 * them as needed; a list comes in pages, and a {@code Cursor} names where a page ended.
 */
package dev.concert.gateway.registry;
