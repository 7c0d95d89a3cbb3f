/** The ways over which replication travels: Unix socket and WebSocket, as streams of bytes. */
package dev.concert.chronicle.replication.transport;
