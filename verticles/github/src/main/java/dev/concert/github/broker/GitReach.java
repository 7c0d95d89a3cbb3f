package dev.concert.github.broker;

import dev.concert.github.api.RepositoryName;
import java.util.Set;

/**
 * What git may read beside the repository of its grant.
 *
 * @param largeFiles whether Git LFS gets its files
 * @param submodules other repositories
 */
public record GitReach(boolean largeFiles, Set<RepositoryName> submodules) {
  /** Nothing. */
  public static final GitReach NONE = new GitReach(false, Set.of());
}
