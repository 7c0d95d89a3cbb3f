/**
 * WebSocket connections of clients.
 *
 * <p>A {@link dev.concert.gateway.connection.Connection} checks each frame and closes the socket
 * where it has to. A {@link dev.concert.gateway.connection.Client} is what the rest of the gateway
 * sees of it: somebody to whom frames are sent. A {@code SessionFeed} passes the events of one
 * session on to a client that joined it; {@link dev.concert.gateway.connection.JoinedSessions}
 * holds the feeds of a client.
 */
package dev.concert.gateway.connection;
