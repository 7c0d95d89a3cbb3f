/**
 * The twelve messages of replication and their bytes: bincode v1 with fixed-size little-endian
 * integers, in frames that begin with their length. One table, {@link
 * dev.concert.chronicle.replication.wire.WireTable}, drives writing, reading and the document.
 */
package dev.concert.chronicle.replication.wire;
