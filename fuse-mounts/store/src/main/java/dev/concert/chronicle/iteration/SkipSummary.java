package dev.concert.chronicle.iteration;

/**
 * Versions of a path that are not kept, for one reason, between two iterations.
 *
 * @param after number of the iteration before; 0 for none
 * @param first when the first was skipped, Unix milliseconds
 * @param last when the last was skipped
 * @param count how many
 * @param size bytes of the last one
 */
public record SkipSummary(
    long after, SkipReason reason, long first, long last, long count, long size) {}
