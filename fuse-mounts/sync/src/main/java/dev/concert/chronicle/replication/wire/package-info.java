/**
 * The twelve messages of replication and their bytes: bincode v1 with fixed-size little-endian
 * integers, in frames that begin with their length. One table, {@link
 * dev.concert.chronicle.replication.wire.WireTable}, drives writing, reading and the document.
 *
 * <p>Nouns. A <em>wire channel</em> sends and receives messages over a <em>transport</em>. A
 * <em>path version</em> is what a path holds on one side. A <em>transfer manifest</em> lists the
 * parts of a large content.
 */
package dev.concert.chronicle.replication.wire;
