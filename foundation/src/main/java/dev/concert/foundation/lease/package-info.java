/**
 * One owner at a time of something that two must not do at once, such as polling a chat service.
 *
 * <p>A {@link dev.concert.foundation.lease.Lease} is held for a term. Each term has an epoch, and
 * epochs only grow. A {@link dev.concert.foundation.lease.FencedDatabase} checks the epoch inside
 * each transaction: an owner that was paused, and was replaced meanwhile, changes nothing.
 */
package dev.concert.foundation.lease;
