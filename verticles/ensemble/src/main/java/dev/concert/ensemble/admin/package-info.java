/**
 * The admin API under {@code /admin}: API keys, customers, provider keys, status and recent calls,
 * for whoever holds the admin key. A class ending in {@code Routes} serves paths; one ending in
 * {@code Body} is their JSON.
 */
package dev.concert.ensemble.admin;
