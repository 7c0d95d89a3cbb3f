package dev.concert.protocol;

/**
 * A model that sessions may name.
 *
 * @param contextWindow tokens of a prompt and its answer
 * @param images whether it sees pictures
 */
public record ModelEntry(
    String id,
    String provider,
    int contextWindow,
    int maxOutputTokens,
    boolean thinking,
    boolean images) {}
