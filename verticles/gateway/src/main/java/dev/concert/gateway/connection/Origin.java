package dev.concert.gateway.connection;

/**
 * Who asked for something.
 *
 * @param requestId to be echoed; null when the client gave none
 */
public record Origin(Client client, String requestId) {}
