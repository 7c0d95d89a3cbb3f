package dev.concert.gateway.eventlog;

/**
 * A piece of a replay.
 *
 * @param seq the client has everything up to this number once it has this piece
 * @param json as it goes over the wire
 */
public record Piece(long seq, String json) {}
