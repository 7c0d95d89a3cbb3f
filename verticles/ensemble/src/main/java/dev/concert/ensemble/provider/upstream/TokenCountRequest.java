package dev.concert.ensemble.provider.upstream;

/**
 * A request that lets the vendor count the tokens of a prompt.
 *
 * @param field the field of the answer that holds the count
 */
public record TokenCountRequest(UpstreamRequest request, String field) {}
