package dev.concert.chronicle.iteration;

/**
 * A moment of a workspace that has a name.
 *
 * @param sequence latest iteration that it includes; 0 before the first
 * @param timestamp when it was named, Unix milliseconds
 */
public record NamedSnapshot(String name, long sequence, long timestamp) {}
