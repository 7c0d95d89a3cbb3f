package dev.concert.github.work;

import java.util.Optional;

/**
 * One turn of the work on an issue.
 *
 * @param id of the event that began it
 * @param reviewComment that it answers; 0 for none
 * @param attempt which turn this is, from 1: a turn that a crash cut is run again
 * @param seq number of the last event before the turn
 * @param text what the agent said at last, or why there is nothing
 * @param commit that has its changes
 */
public record WorkTask(
    String id,
    String itemId,
    String prompt,
    String requester,
    long reviewComment,
    State state,
    Optional<String> turn,
    int attempt,
    long seq,
    String text,
    Optional<String> commit,
    long createdMs) {

  /** How far a task is. */
  public enum State {
    /** The turn does not run yet. */
    WAITING,
    /** The turn runs. */
    RUNNING,
    /** The turn is over; its changes are not on GitHub yet. */
    PUBLISHING,
    DONE,
    FAILED,
    STOPPED;

    boolean isOver() {
      return ordinal() >= DONE.ordinal();
    }
  }

  /** Names the turn, so that it is begun once. */
  String turnName() {
    return attempt == 1 ? id : id + ":" + attempt;
  }

  boolean isReply() {
    return reviewComment != 0;
  }
}
