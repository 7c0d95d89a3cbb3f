package dev.concert.github.work;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * One turn of the work on an issue.
 *
 * @param id of the event that began it
 * @param requester login of who asked for it
 * @param requesterId their number on GitHub; a member who is linked to it is in whose name it is
 *     done
 * @param reviewComment that it answers; 0 for none
 * @param attempt which turn this is, from 1: a turn that a crash cut is run again
 * @param seq number of the last event before the turn
 * @param text what the agent said at last, or why there is nothing
 * @param commit that has its changes
 * @param checkRun id of its check on GitHub; 0 where GitHub takes none
 * @param results of the commands that check it; empty where they did not run yet
 * @param answerOn where the answer goes
 */
public record WorkTask(
    String id,
    String itemId,
    String prompt,
    String requester,
    long requesterId,
    long reviewComment,
    State state,
    Optional<String> turn,
    int attempt,
    long seq,
    String text,
    Optional<String> commit,
    long createdMs,
    OptionalLong checkRun,
    Optional<List<CommandResult>> results,
    AnswerOn answerOn) {
  private static final String CHECK = ":check:";

  /** How far a task is. */
  public enum State {
    /** The turn does not run yet. */
    WAITING,
    /** The turn runs. */
    RUNNING,
    /** The turn is over; its changes are not on GitHub yet. */
    PUBLISHING,
    /** Its changes are there; the commands that check them run. */
    CHECKING,
    DONE,
    FAILED,
    STOPPED;

    boolean isOver() {
      return ordinal() >= DONE.ordinal();
    }
  }

  /**
   * Where the answer of a task goes. GitHub, GitLab and Gitea notify people of a new comment, and
   * nobody of one that is edited.
   */
  public enum AnswerOn {
    /** The status comment, or the review comment that it answers. */
    STATUS,
    /** A comment of its own on the issue. */
    ISSUE,
    /** A comment of its own on the pull request. */
    CHANGE
  }

  /** A task that is to be done. */
  static WorkTask waiting(
      String id,
      String itemId,
      String prompt,
      String requester,
      long requesterId,
      long reviewComment,
      AnswerOn answerOn,
      long createdMs) {
    return new WorkTask(
        id,
        itemId,
        prompt,
        requester,
        requesterId,
        reviewComment,
        State.WAITING,
        Optional.empty(),
        1,
        0,
        "",
        Optional.empty(),
        createdMs,
        OptionalLong.empty(),
        Optional.empty(),
        answerOn);
  }

  /** Names the turn, so that it is begun once. */
  String turnName() {
    return attempt == 1 ? id : id + ":" + attempt;
  }

  boolean isReply() {
    return reviewComment != 0;
  }

  /**
   * Whether its answer is a comment of its own. Whoever stopped it knows that, and is told no more.
   */
  boolean isAnsweredApart() {
    return isReply()
        ? state.isOver()
        : answerOn != AnswerOn.STATUS && (state == State.DONE || state == State.FAILED);
  }

  /** The task that a failed check of a commit begins has this at its end. */
  static String ofCheck(String commit) {
    return CHECK + commit;
  }

  /** The commit whose check failed; empty where that is not why there is this task. */
  Optional<String> failedCommit() {
    int at = id.lastIndexOf(CHECK);
    return at < 0 ? Optional.empty() : Optional.of(id.substring(at + CHECK.length()));
  }
}
