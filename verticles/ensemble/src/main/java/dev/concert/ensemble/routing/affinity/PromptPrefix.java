package dev.concert.ensemble.routing.affinity;

/**
 * A prefix of a prompt that ends with a message.
 *
 * @param fingerprint CRC-32 of its JSON form, with the length of that form in the upper half
 * @param tokens its estimated length
 */
public record PromptPrefix(long fingerprint, long tokens) {}
