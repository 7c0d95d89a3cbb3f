package dev.concert.protocol;

import java.util.List;
import java.util.Optional;

/** Requests about repositories on GitHub, and the work on their issues. */
public interface RepositoryMessage extends ClientMessage {

  /**
   * @param cursor the reply's {@code nextCursor} of the page before; null for the first page
   */
  record ListGitHubRepositories(int limit, String cursor) implements RepositoryMessage {}

  record ListGitHubBranches(String owner, String repo, int limit, int page)
      implements RepositoryMessage {}

  record ListGitHubPulls(String owner, String repo, String state, int limit, int page)
      implements RepositoryMessage {}

  record ListGitHubIssues(String owner, String repo, String state, int limit, int page)
      implements RepositoryMessage {}

  /**
   * @param path null for the root
   * @param ref branch, tag or commit; null for the default branch
   */
  record ReadGitHubContents(String owner, String repo, String path, String ref)
      implements RepositoryMessage {}

  record CreateGitHubPull(
      String owner, String repo, String title, String head, String base, String body, boolean draft)
      implements RepositoryMessage {}

  record CreateGitHubIssue(
      String owner, String repo, String title, String body, List<String> labels)
      implements RepositoryMessage {
    private static final int LONGEST_LABEL = 50;

    /** What is wrong, if anything. */
    public Optional<String> fault() {
      boolean isFine =
          labels == null
              || labels.stream()
                  .allMatch(one -> one != null && !one.isBlank() && one.length() <= LONGEST_LABEL);
      return isFine
          ? Optional.empty()
          : Optional.of("'labels' must be texts of 1 to %d characters".formatted(LONGEST_LABEL));
    }
  }

  record CreateGitHubComment(String owner, String repo, int number, String body)
      implements RepositoryMessage {}

  /**
   * @param session only what is worked on in this session; null for all
   */
  record ListGitHubRuns(String session, int limit) implements RepositoryMessage {}
}
