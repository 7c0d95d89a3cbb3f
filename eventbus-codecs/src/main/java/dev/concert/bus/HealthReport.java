package dev.concert.bus;

import java.util.Map;

/**
 * How a service is.
 *
 * @param status {@code ok}, {@code degraded} or {@code down}
 * @param details what a reader of {@code /health} may see: no secret, no path
 */
public record HealthReport(String status, Map<String, String> details) {

  /** Asks for a report. */
  public record Probe() {}
}
