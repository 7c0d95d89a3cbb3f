package dev.concert.github.webhook;

import java.util.List;
import java.util.Objects;

/**
 * More of an event, for those who look closer. Numbers are 0 and texts empty where it has none.
 *
 * @param event as GitHub names it, such as {@code pull_request}
 * @param action such as {@code opened}
 * @param url of the page on GitHub that shows it
 * @param state of the issue or pull request then: {@code open} or {@code closed}
 * @param labels of the issue or pull request
 * @param author login of who opened it
 * @param base branch that a pull request goes to
 * @param branch that a pull request or a check is about
 * @param head commit that a pull request, a check or a push is about
 * @param isFork whether the branch is one of another repository
 * @param reviewer who is asked for a review
 * @param count of the commits that came
 * @param check name of a check or workflow
 * @param says what it says of itself, on one or more lines
 * @param app that made the check
 * @param changed when the issue or pull request changed last, as GitHub writes times
 */
public record GitHubDetails(
    String event,
    String action,
    String url,
    String state,
    List<String> labels,
    String author,
    String base,
    String branch,
    String head,
    boolean isFork,
    String reviewer,
    int count,
    String check,
    String says,
    long app,
    String changed) {
  static final GitHubDetails NONE =
      new GitHubDetails("", "", "", "", List.of(), "", "", "", "", false, "", 0, "", "", 0, "");

  /** The inbox may have an event of an earlier version. */
  public GitHubDetails {
    url = Objects.requireNonNullElse(url, "");
    state = Objects.requireNonNullElse(state, "");
    reviewer = Objects.requireNonNullElse(reviewer, "");
  }
}
