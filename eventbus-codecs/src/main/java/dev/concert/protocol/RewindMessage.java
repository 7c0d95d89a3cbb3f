package dev.concert.protocol;

/** What a caller may ask about an earlier point of a session's conversation. */
public interface RewindMessage extends ClientMessage {

  /**
   * Takes the session back to before a message, its files with it.
   *
   * @param messageId the oldest message that is left out
   */
  record RewindSession(String sessionId, String messageId) implements RewindMessage, ForSession {}

  /**
   * Makes a new session of an earlier point of this one.
   *
   * @param messageId the last message that the new session has; null for all of them, and the files
   *     as they are now
   * @param name null for the name of this session
   */
  record ForkSession(String sessionId, String messageId, String name)
      implements RewindMessage, ForSession {}
}
