package dev.concert.chronicle.iteration;

import java.util.Optional;

/**
 * One state of one file.
 *
 * @param sequence counts all iterations of the workspace from 1
 * @param number counts the iterations of the path from 1
 * @param mode permission bits
 * @param hash content hash; empty for a deletion
 * @param timestamp Unix milliseconds
 * @param from the path before a rename
 */
public record Iteration(
    long sequence,
    String path,
    long number,
    Change change,
    Kind kind,
    int mode,
    long size,
    String hash,
    long timestamp,
    Optional<String> from) {}
