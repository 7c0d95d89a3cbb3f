/**
 * Writing a log fast. A {@link dev.concert.foundation.log.GroupCommit} has one thread that writes
 * everything that has queued up as one batch, so that many small writes share one transaction.
 */
package dev.concert.foundation.log;
