/**
 * Replication of a workspace between the host of its agent and other places.
 *
 * <p>Nouns. The <em>master</em> is the side that has the workspace's journal: it pushes every
 * iteration and decides about every write. A <em>replica</em> has real files of its own (a sandbox,
 * or a folder on a person's machine): it applies what it receives and writes back local changes.
 * Packages: {@code wire} has the twelve messages and their bytes, {@code transport} the
 * connections, {@code exchange} the transfer of contents, {@code master} and {@code replica} the
 * two sides, {@code conflict} what they disagree on. {@code docs/replication.md} describes the
 * protocol.
 */
package dev.concert.chronicle.replication;
