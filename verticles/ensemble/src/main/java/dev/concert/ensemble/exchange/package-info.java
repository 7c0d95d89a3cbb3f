/**
 * Records that nodes without a common disk exchange through Redis: each node has all of them in its
 * own file, {@code ExchangedRecords}, which a {@code RecordExchange} keeps equal.
 */
package dev.concert.ensemble.exchange;
