package dev.concert.coordinator.instance;

import java.util.Optional;

/** The messages that an agent process got: one at a time. Belongs to one event loop. */
final class AgentDialog {
  private Optional<MessageInFlight> turn = Optional.empty();
  private String lastMessageId = "";

  /** Whether no message was delivered yet. */
  boolean isNew() {
    return lastMessageId.isEmpty();
  }

  /** Whether this is the message that was delivered last: it was sent again. */
  boolean wasLast(String messageId) {
    return lastMessageId.equals(messageId);
  }

  /** Whether a message is being worked on, or the events of its end are still to come. */
  boolean isBusy() {
    return turn.isPresent();
  }

  void begin(String messageId) {
    lastMessageId = messageId;
    turn = Optional.of(new MessageInFlight(messageId));
  }

  /** The turn whose outcome is open. */
  Optional<MessageInFlight> open() {
    return turn.filter(open -> !open.isDecided());
  }

  /** The turn of this message, if its outcome is open. */
  Optional<MessageInFlight> open(String messageId) {
    return open().filter(open -> open.is(messageId));
  }

  void end() {
    turn = Optional.empty();
  }
}
