package dev.concert.ensemble.demo.program;

/**
 * A program for a request.
 *
 * @param description completes "a file, …": what it prints
 */
public record Program(String source, String description) {}
