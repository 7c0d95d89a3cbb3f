/**
 * Contents by hash over a connection, the same in both directions: asking for them, giving them.
 */
package dev.concert.chronicle.replication.exchange;
