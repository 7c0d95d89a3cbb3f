package dev.concert.chronicle.iteration;

/**
 * An entry and when it happened.
 *
 * @param time Unix milliseconds
 */
public record TimestampedEntry(long time, Entry entry) {}
