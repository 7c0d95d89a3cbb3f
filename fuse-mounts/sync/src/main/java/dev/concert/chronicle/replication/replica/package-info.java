/**
 * The replica: real files that are kept equal to a workspace in both directions.
 *
 * <p>Nouns. The <em>common ancestor</em> of a path is what both sides last agreed on. A <em>local
 * write</em> is a difference between the files and the common ancestor; it waits in the <em>write
 * journal</em> until the master accepts it. A <em>remote change</em> is what the master sent for a
 * path. The <em>reconciler</em> brings both together. A <em>conflict</em> is a path that changed on
 * both sides since its common ancestor. The <em>replication cursor</em> is the position in the
 * master's stream.
 *
 * <p>One thread decides everything. Its state is a SQLite file ({@code state}), so a replica may be
 * killed at any moment and resumes from there. {@code files} is what it needs of the files.
 */
package dev.concert.chronicle.replication.replica;
