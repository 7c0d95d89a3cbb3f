package dev.concert.ensemble.routing.affinity;

/**
 * A beginning of a prompt that ends where a message ends.
 *
 * @param fingerprint CRC-32 of its JSON form, with the length of that form in the upper half
 * @param tokens how long it is, by estimate
 */
public record Prefix(long fingerprint, long tokens) {}
