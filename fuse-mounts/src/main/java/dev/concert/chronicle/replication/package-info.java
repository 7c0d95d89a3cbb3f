/**
 * Replication of a workspace between the host of its agent and other places.
 *
 * <p>Nouns. The <em>master</em> is the side that has the workspace's journal: it pushes every
 * iteration and decides about every write. A <em>replica</em> has real files of its own (a sandbox,
 * or a folder on somebody's machine): it applies what it is told and writes back what was changed
 * beside it. Packages: {@code wire} has the twelve messages and their bytes, {@code transport} the
 * ways over which they travel, {@code master} and {@code replica} the two sides. The protocol is
 * told in {@code docs/replication.md}.
 */
package dev.concert.chronicle.replication;
