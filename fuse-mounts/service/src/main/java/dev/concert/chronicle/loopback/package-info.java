/**
 * The sockets through which other services of this host reach Chronicle. {@link
 * dev.concert.chronicle.loopback.OneTimeServer} lets in who has a one-time token; {@link
 * dev.concert.chronicle.loopback.SyncServer} makes it a WebSocket for replicas. The gateway decides
 * who may connect and gets a token for each connection.
 */
package dev.concert.chronicle.loopback;
