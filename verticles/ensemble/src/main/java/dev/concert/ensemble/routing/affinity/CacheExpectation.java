package dev.concert.ensemble.routing.affinity;

/**
 * What an endpoint probably has cached of a prompt.
 *
 * @param tokens of the prompt's prefix
 * @param confidence 0 to 1: decreases with the age of the information
 */
public record CacheExpectation(String endpoint, long tokens, double confidence) {}
