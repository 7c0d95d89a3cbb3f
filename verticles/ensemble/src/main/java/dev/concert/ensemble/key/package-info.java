/**
 * API keys and customers: {@code KeyStore} keeps them in SQLite, {@code KeyDirectory} has the
 * enabled ones in memory.
 */
package dev.concert.ensemble.key;
