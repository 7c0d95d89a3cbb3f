package dev.concert.ensemble.response;

import java.time.Duration;

/**
 * How long responses are stored.
 *
 * @param keep the time from the end of a call
 * @param mostBytes of all stored responses, compressed; beyond it the oldest are deleted first
 */
public record ResponseRetention(Duration keep, long mostBytes) {
  public static final ResponseRetention DEFAULT =
      new ResponseRetention(Duration.ofHours(24), 1024L * 1024 * 1024);
}
