package dev.concert.coordinator.instance;

import dev.concert.podium.PodiumMessages.Answer;
import dev.concert.protocol.ServerEvent;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The message that an agent works on. Belongs to one event loop; {@link #deliveredAt} to any
 * thread.
 */
final class MessageInFlight {
  private final String messageId;
  private final long deliveredAt = System.nanoTime();
  private final Map<String, ServerEvent.QuestionRequested> openQuestions = new HashMap<>();
  private boolean decided;
  private boolean interrupted;

  MessageInFlight(String messageId) {
    this.messageId = messageId;
  }

  String messageId() {
    return messageId;
  }

  boolean is(String id) {
    return messageId.equals(id);
  }

  /** The agent asks for a permission. */
  void asked(String questionId) {
    asked(new ServerEvent.QuestionRequested(questionId, List.of()));
  }

  void asked(ServerEvent.QuestionRequested question) {
    openQuestions.put(question.questionId(), question);
  }

  /** The texts of an answer that nobody but the agent may see. */
  List<String> secretsIn(Answer answer) {
    ServerEvent.QuestionRequested question = openQuestions.get(answer.questionId());
    return answer.answers() == null || question == null
        ? List.of()
        : answer.answers().entrySet().stream()
            .filter(one -> !question.isOpen(one.getKey()))
            .map(one -> one.getValue().asText())
            .toList();
  }

  /** Whether the agent waits for this answer. */
  boolean waitsFor(String questionId) {
    return openQuestions.containsKey(questionId);
  }

  /** The agent was given this answer; it waits for it no more. */
  void answered(String questionId) {
    openQuestions.remove(questionId);
  }

  /** The agent said how it ended; only the events about it are still to come. */
  void decide() {
    decided = true;
  }

  /** When the agent got it, by the clock of {@link System#nanoTime}. */
  long deliveredAt() {
    return deliveredAt;
  }

  boolean isInterrupted() {
    return interrupted;
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
