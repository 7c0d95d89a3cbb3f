package dev.concert.coordinator.sandbox;

/**
 * User ids of this host that nobody has and that agents get, one each; the group has the same id.
 *
 * @param first at least 1
 * @param count how many, at least 1
 */
public record UserRange(int first, int count) {
  /** Above the ids of people, services and containers: systemd lists those from here as unused. */
  public static final UserRange DEFAULT = new UserRange(1_900_000_000, 65_536);

  boolean contains(int user) {
    return user >= first && user - first < count;
  }
}
