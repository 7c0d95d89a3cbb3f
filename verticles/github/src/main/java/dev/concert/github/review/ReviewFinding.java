package dev.concert.github.review;

/**
 * Something that an agent found.
 *
 * @param line of the new side, from 1; 0 for the whole file
 */
public record ReviewFinding(String path, int line, String body) {}
