package dev.concert.github.work;

import dev.concert.github.api.IssueRef;
import dev.concert.github.api.RepositoryName;
import java.util.Optional;

/**
 * An issue that an agent works on, or a pull request that it reviews.
 *
 * @param requester login of who asked first
 * @param branch that only this work writes
 * @param base name of the branch that it began from
 * @param baseCommit where that was
 * @param head newest commit of the work
 * @param imported whether the workspace has the files
 * @param createdMs Unix milliseconds; the files of the workspace that nobody changed have this time
 */
public record WorkItem(
    String id,
    String connectionId,
    long installation,
    RepositoryName repository,
    long repositoryId,
    int number,
    String title,
    String requester,
    long requesterId,
    String branch,
    Optional<String> base,
    Optional<String> baseCommit,
    Optional<String> head,
    Optional<String> session,
    boolean imported,
    Optional<Integer> pull,
    boolean isOpen,
    long createdMs,
    WorkPlan plan) {

  /** Messages of an item leave in order. */
  String lane() {
    return lane(connectionId, repositoryId, number);
  }

  /** The lane of an issue, whatever its repository is called. */
  static String lane(String connectionId, long repositoryId, int number) {
    return "%s %d#%d".formatted(connectionId, repositoryId, number);
  }

  /** What it is about. */
  IssueRef issue() {
    return new IssueRef(number, plan.isReview());
  }

  /** Where answers about its code go. */
  IssueRef changeOrIssue() {
    return pull.map(change -> new IssueRef(change, true)).orElseGet(this::issue);
  }

  /** The commit on which the next one goes. */
  String parent() {
    return head.or(() -> baseCommit).orElseThrow();
  }
}
