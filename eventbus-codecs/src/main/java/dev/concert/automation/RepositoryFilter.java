package dev.concert.automation;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Which events of the tenant's repositories an automation waits for. What is null matches all of
 * them, but for events.
 *
 * @param events GitHub's names, with an action or without, such as {@code push} and {@code
 *     issues.opened}
 * @param repositories globs of names such as {@code acme/*}
 * @param labels one of them is on the issue or pull request; where a label comes or goes, it is one
 *     of them
 * @param branches globs: where was pushed, or where the pull request is to go
 * @param from whose events count: {@code writers} who may write in the repository, the default, or
 *     {@code anyone}
 */
public record RepositoryFilter(
    List<String> events,
    List<String> repositories,
    List<String> labels,
    List<String> branches,
    String from) {
  /** Strangers count, too. */
  public static final String ANYONE = "anyone";

  private static final String WRITERS = "writers";
  private static final String EVENT = "[a-z_]{1,50}(\\.[a-z_]{1,50})?";
  private static final int MAX_ENTRIES = 50;
  private static final int MAX_TEXT = 200;

  public List<String> allRepositories() {
    return repositories == null ? List.of() : repositories;
  }

  public List<String> allLabels() {
    return labels == null ? List.of() : labels;
  }

  public List<String> allBranches() {
    return branches == null ? List.of() : branches;
  }

  public boolean isOpenToAnyone() {
    return ANYONE.equals(from);
  }

  /** What is wrong, if anything. */
  Optional<String> fault() {
    if (events == null
        || events.isEmpty()
        || events.size() > MAX_ENTRIES
        || !events.stream().allMatch(event -> event != null && event.matches(EVENT))) {
      return Optional.of("'trigger.github.events' must be like [\"push\", \"issues.opened\"]");
    }
    if (from != null && !from.equals(WRITERS) && !from.equals(ANYONE)) {
      return Optional.of("'trigger.github.from' must be writers or anyone");
    }
    return Stream.of(allRepositories(), allLabels(), allBranches()).allMatch(this::isFine)
        ? Optional.empty()
        : Optional.of(
            "'repositories', 'labels' and 'branches' of 'trigger.github' have at most 50 entries of"
                + " 1 to 200 characters");
  }

  private boolean isFine(List<String> entries) {
    return entries.size() <= MAX_ENTRIES
        && entries.stream()
            .allMatch(one -> one != null && !one.isBlank() && one.length() <= MAX_TEXT);
  }
}
