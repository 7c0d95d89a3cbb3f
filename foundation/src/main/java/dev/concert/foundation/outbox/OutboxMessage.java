package dev.concert.foundation.outbox;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;
import java.util.Optional;

/**
 * A message to be sent, or kept equal to its newest content.
 *
 * @param id grows in the order in which messages were put
 * @param route how it goes, for example the connection; the sender knows it
 * @param conversation whose messages keep their order
 * @param key that its writer chose; unique in the conversation
 * @param content newest content, in the sender's own form
 * @param version of the content; grows with each change
 * @param sentVersion of the content that was sent last; 0 for none
 * @param state how far it is
 * @param remoteId by which the service knows it; present once it was sent
 * @param attempts failed attempts to send this version
 * @param sentAgain whether it may be there twice: it was uncertain, and could not be looked up
 */
public record OutboxMessage(
    long id,
    String route,
    String conversation,
    String key,
    String content,
    long version,
    long sentVersion,
    State state,
    Optional<String> remoteId,
    int attempts,
    boolean sentAgain) {

  /** How far a message is. */
  public enum State {
    /** Its newest content waits. */
    PENDING,
    /** A request is under way. */
    SENDING,
    /** Nobody knows whether the request was carried out. */
    UNCERTAIN,
    /** The service has its newest content. */
    SENT,
    /** It is given up. */
    FAILED;

    @JsonValue
    public String wireName() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** Whether it is there already, so that sending means to change it. */
  public boolean isEdit() {
    return remoteId.isPresent();
  }

  /** This message with another content. */
  public OutboxMessage withContent(String newContent) {
    return new OutboxMessage(
        id,
        route,
        conversation,
        key,
        newContent,
        version,
        sentVersion,
        state,
        remoteId,
        attempts,
        sentAgain);
  }
}
