/**
 * One owner at a time of something that two must not do at once, such as polling a chat service.
 *
 * <p>A {@link dev.concert.foundation.lease.Lease} is held for a term. Each term has an epoch, and
 * epochs only grow. A {@link dev.concert.foundation.lease.LeaseCandidate} takes a name when it is
 * free and does the work of its holder. A {@link dev.concert.foundation.lease.FencedDatabase}
 * checks the epoch inside each transaction: an owner that was paused, and was replaced meanwhile,
 * changes nothing. Before any other effect an owner asks whether its term lasts.
 *
 * <p>To give a service one owner: read {@link dev.concert.foundation.lease.LeaseOptions}, open the
 * lease, and give a candidate the work. Write something to the fenced database when the work
 * begins; from then on no earlier owner can.
 */
package dev.concert.foundation.lease;
