package dev.concert.github.broker;

import dev.concert.github.api.RepositoryName;

/**
 * What git may do: read a repository, and write one branch of it.
 *
 * @param branch without {@code refs/heads/}
 * @param reach what it may read beside that
 */
public record GitGrant(
    GitUpstream upstream, RepositoryName repository, String branch, GitReach reach) {

  /** The only reference that may change. */
  String reference() {
    return "refs/heads/" + branch;
  }
}
