/**
 * What a replica remembers, in {@code replica.db}: common ancestors, local writes that the master
 * has not accepted, open conflicts and known empty folders. Each method is one transaction.
 */
package dev.concert.chronicle.replication.replica.state;
