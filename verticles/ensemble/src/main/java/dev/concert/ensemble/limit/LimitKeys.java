package dev.concert.ensemble.limit;

/**
 * The names of what lies in Redis.
 *
 * <p>The namespace is in braces: in a Redis Cluster all that one script touches lies in one slot.
 */
record LimitKeys(String namespace) {
  /** A minute, and what clocks may differ by. */
  static final long KEPT_SECONDS = 130;

  String nodes() {
    return name("nodes");
  }

  String since() {
    return name("since");
  }

  String split(long minute) {
    return name("split:" + minute);
  }

  String wanted(long minute) {
    return name("wanted:" + minute);
  }

  String left(long minute) {
    return name("left:" + minute);
  }

  String subject(String subject, long minute) {
    return name("ratelimit:" + subject + ":" + minute);
  }

  private String name(String rest) {
    return "{" + namespace + "}:" + rest;
  }
}
