package dev.concert.chronicle.iteration;

/**
 * A path that is there, as it was recorded last.
 *
 * @param iteration its latest iteration
 * @param hash hash of its content then
 * @param mode permission bits then
 */
public record LiveFile(long iteration, String hash, Kind kind, int mode, Signature signature) {}
