package dev.concert.github.api;

/**
 * What a check says of a line.
 *
 * @param line from 1
 * @param level {@code notice}, {@code warning} or {@code failure}
 */
public record CheckAnnotation(String path, int line, String level, String message) {}
