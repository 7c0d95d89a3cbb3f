package dev.concert.chronicle.iteration;

/**
 * What the journal knows of a path.
 *
 * @param number latest iteration
 * @param live whether the path is there
 */
record Head(
    long file,
    String path,
    long number,
    boolean live,
    Kind kind,
    int mode,
    long size,
    String hash,
    Signature signature) {}
