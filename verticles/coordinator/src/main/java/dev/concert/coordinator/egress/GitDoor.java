package dev.concert.coordinator.egress;

import io.vertx.core.Future;

/** One agent's way to the repository that its session works on. */
@FunctionalInterface
interface GitDoor {
  /**
   * Opens the way for one request. Fails with a coded failure, whose sentence is for the agent,
   * where the session has no repository.
   */
  Future<GitWay> open();

  /**
   * Where one request of git is answered.
   *
   * @param key that has to be said once; a secret
   */
  record GitWay(String host, int port, String key) {
    /** Without the key. */
    @Override
    public String toString() {
      return "GitWay[%s, %d]".formatted(host, port);
    }
  }
}
