/**
 * The admin API under {@code /admin}: keys, customers, status and calls, for whoever holds the
 * admin key.
 */
package dev.concert.ensemble.admin;
