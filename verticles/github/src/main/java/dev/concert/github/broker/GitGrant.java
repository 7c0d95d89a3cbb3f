package dev.concert.github.broker;

import dev.concert.github.api.RepositoryName;

/**
 * What git may do: read a repository, and write one branch of it.
 *
 * @param holder whose work it is: of what the forge said to one, nothing serves another, also where
 *     both have a repository of the same name
 * @param branch without {@code refs/heads/}
 * @param reach what it may read beside that
 */
public record GitGrant(
    String holder, GitUpstream upstream, RepositoryName repository, String branch, GitReach reach) {

  /** The only reference that may change. */
  String reference() {
    return "refs/heads/" + branch;
  }
}
