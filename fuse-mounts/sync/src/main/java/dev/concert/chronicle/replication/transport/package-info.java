/** Connections that replication uses, as streams of bytes: Unix sockets and WebSockets. */
package dev.concert.chronicle.replication.transport;
