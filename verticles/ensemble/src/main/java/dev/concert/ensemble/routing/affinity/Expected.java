package dev.concert.ensemble.routing.affinity;

/**
 * What an endpoint probably has in its cache of a prompt.
 *
 * @param tokens of the prompt's beginning
 * @param confidence 0 to 1: falls with the age of what is known
 */
public record Expected(String endpoint, long tokens, double confidence) {}
