package dev.concert.coordinator.instance;

import java.util.HashSet;
import java.util.Set;

/** The message that an agent works on. Belongs to one event loop. */
final class Turn {
  private final String messageId;
  private final Set<String> openQuestions = new HashSet<>();
  private boolean decided;
  private boolean interrupted;

  Turn(String messageId) {
    this.messageId = messageId;
  }

  String messageId() {
    return messageId;
  }

  boolean is(String id) {
    return messageId.equals(id);
  }

  void asked(String questionId) {
    openQuestions.add(questionId);
  }

  /** Whether the agent waits for this answer. */
  boolean waitsFor(String questionId) {
    return openQuestions.contains(questionId);
  }

  /** The agent was given this answer; it waits for it no more. */
  void answered(String questionId) {
    openQuestions.remove(questionId);
  }

  /** The agent said how it ended; only the events about it are still to come. */
  void decide() {
    decided = true;
  }

  boolean isDecided() {
    return decided;
  }

  /**
   * @return whether this is the first interrupt of the turn
   */
  boolean interrupt() {
    boolean first = !interrupted;
    interrupted = true;
    return first;
  }
}
