package dev.concert.ensemble.provider.upstream;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * A request in a vendor's form.
 *
 * @param path what is appended to the provider's base URL; begins with a slash
 */
public record UpstreamRequest(String path, JsonNode body) {}
