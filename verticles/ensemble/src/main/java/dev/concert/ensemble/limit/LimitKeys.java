package dev.concert.ensemble.limit;

/**
 * The names of the keys in Redis.
 *
 * <p>The namespace is in braces, so that in a Redis Cluster all keys of a script are in one slot.
 */
record LimitKeys(String namespace) {
  String nodes() {
    return name("nodes");
  }

  String left() {
    return name("left");
  }

  String state() {
    return name("state");
  }

  String wanted() {
    return name("wanted");
  }

  String subject(String subject) {
    return name("ratelimit:" + subject);
  }

  private String name(String rest) {
    return "{" + namespace + "}:" + rest;
  }
}
