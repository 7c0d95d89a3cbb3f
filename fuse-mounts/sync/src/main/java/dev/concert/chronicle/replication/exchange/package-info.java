/**
 * Transfers contents by hash over a connection, the same in both directions: a <em>content
 * fetcher</em> requests them, a <em>content server</em> serves them, a <em>watchdog</em> closes a
 * silent connection.
 */
package dev.concert.chronicle.replication.exchange;
