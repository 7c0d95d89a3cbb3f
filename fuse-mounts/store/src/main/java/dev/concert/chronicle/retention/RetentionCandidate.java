package dev.concert.chronicle.retention;

/**
 * An iteration as a retention policy sees it.
 *
 * @param timestamp Unix milliseconds
 * @param hasContent false for a deletion
 * @param pinned whether it is the present state of a file, or the end that another file has by a
 *     rename: it cannot be dropped
 */
public record RetentionCandidate(
    long sequence, long timestamp, boolean hasContent, boolean pinned) {}
