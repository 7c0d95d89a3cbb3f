/**
 * The master of a workspace: sends every iteration to the replicas, serves contents, and decides
 * about what replicas write.
 *
 * <p>Nouns. A <em>replica session</em> is one connection of one replica. The <em>change feed</em>
 * reads the journal at the replica's pace; the journal is its queue, so a slow replica holds up
 * nobody and needs no memory. <em>Fetch grants</em> say which contents a replica may fetch.
 */
package dev.concert.chronicle.replication.master;
