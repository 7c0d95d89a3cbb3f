/**
 * Requests about a workspace at a past moment: named snapshots, restores, archives and retention.
 *
 * <p>Nouns. <em>Historical files</em> are the files at a moment. A <em>restore plan</em> is what
 * has to change to bring them back.
 */
package dev.concert.chronicle.snapshot;
