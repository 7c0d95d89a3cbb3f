package dev.concert.github.api;

import io.vertx.core.Future;
import java.util.Optional;

/** One repository, as a connection sees it. Each call that finds nothing says so, or is empty. */
public interface ForgeRepository {
  /** How the repository is now. */
  Future<RepositoryState> describe();

  /** Whether a person may write here now. */
  Future<Boolean> canWrite(String login);

  /** Whether a person may read the code here now. */
  Future<Boolean> canRead(String login);

  /** Whether an issue or a change request is open now. */
  Future<Boolean> isOpen(IssueRef about);

  /** The commit that a branch is at; empty where there is no such branch. */
  Future<Optional<String>> head(String branch);

  /** A file of the default branch; empty if there is none. */
  Future<Optional<RepositoryFile>> file(String path);

  /**
   * Shows that something was seen. The same again changes nothing.
   *
   * @param subject of the event
   */
  Future<Void> see(String subject);

  /** A new comment; returns its id. */
  Future<String> comment(IssueRef on, String body);

  Future<Void> editComment(IssueRef on, String id, String body);

  /** A comment of ours that contains a mark. */
  Future<Optional<String>> findComment(IssueRef on, String bot, String mark);

  /** A change request; empty if none has this number. */
  Future<Optional<ChangeRequest>> change(int number);

  /** The change request of a branch of this repository, open or not. */
  Future<Optional<Integer>> changeOf(String branch);

  /** Opens a draft; returns its number. */
  Future<Integer> openDraft(String title, String head, String base, String body);

  /** Asks somebody for a review. */
  Future<Void> requestReview(int change, String login, long id);

  /** What the forge shows of commits. */
  CommitStatus status();

  /** Reviews with comments on lines; empty where the forge has none that Concert writes. */
  default Optional<PullReviews> reviews() {
    return Optional.empty();
  }
}
