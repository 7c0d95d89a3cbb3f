package dev.concert.chronicle.content.tier;

import java.time.Duration;

/**
 * How contents move between the local folder and the object store.
 *
 * @param parallel uploads at a time
 * @param localBytes how large the local folder may become before what was sent leaves it
 * @param settle how long a new blob waits at least before it is sent
 * @param lease after which a blob that is being sent is taken for given up
 * @param longestPause between two attempts to send the same blob
 */
public record TierOptions(
    int parallel, long localBytes, Duration settle, Duration lease, Duration longestPause) {

  /** Four uploads at a time. */
  public static TierOptions of(long localBytes) {
    return new TierOptions(
        4, localBytes, Duration.ofSeconds(2), Duration.ofMinutes(3), Duration.ofMinutes(5));
  }
}
