/**
 * The replica: real files beside a workspace, kept equal to it in both directions.
 *
 * <p>Nouns. The <em>base</em> of a path is what both sides last agreed on. A <em>local write</em>
 * is a difference between the files and the base; it waits in the <em>write journal</em> until the
 * master took it. A <em>conflict</em> is a path that changed on both sides since its base.
 *
 * <p>Everything is decided by one thread; its state is a SQLite file, so a replica can be killed at
 * any moment and goes on from there.
 */
package dev.concert.chronicle.replication.replica;
