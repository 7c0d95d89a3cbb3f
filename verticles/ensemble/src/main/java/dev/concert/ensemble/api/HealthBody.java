package dev.concert.ensemble.api;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Map;

/**
 * The answer of {@code GET /api/v1/health}.
 *
 * @param status {@code ok}, {@code degraded} or, with status 503, {@code stopping}
 * @param providers {@code healthy} or {@code degraded} by name
 */
record HealthBody(
    String status, @JsonProperty("uptime_s") long uptimeSeconds, Map<String, String> providers) {}
