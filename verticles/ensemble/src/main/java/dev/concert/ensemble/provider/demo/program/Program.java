package dev.concert.ensemble.provider.demo.program;

/**
 * A program that was written for a request.
 *
 * @param description completes "a file, …": what it prints
 */
public record Program(String source, String description) {}
