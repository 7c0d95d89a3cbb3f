package dev.concert.ensemble.provider.upstream;

/**
 * One server-sent event.
 *
 * @param name empty when the server gave none
 */
public record ServerEvent(String name, String data) {}
