package dev.concert.ensemble.key;

import java.time.Instant;

/**
 * A team of a customer: its budget, limits and models bind all of its keys together, in addition to
 * those that each key has.
 *
 * @param settings without an expiry and without a team
 */
public record Team(String id, String customerId, KeySettings settings, Instant createdAt) {
  /** No id of anything else begins with this. */
  public static final String PREFIX = "team_";
}
