package dev.concert.github.broker;

import dev.concert.github.api.AppIdentity;
import dev.concert.github.api.RepositoryName;

/**
 * What git may do: read a repository, and write one branch of it.
 *
 * @param branch without {@code refs/heads/}
 * @param reach what it may read beside that
 */
public record GitGrant(
    AppIdentity app, long installation, RepositoryName repository, String branch, GitReach reach) {

  /** The only reference that may change. */
  String reference() {
    return "refs/heads/" + branch;
  }
}
