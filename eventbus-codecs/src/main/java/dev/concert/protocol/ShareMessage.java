package dev.concert.protocol;

/** What a caller may ask about the links by which a session is shared read-only. */
public interface ShareMessage extends ClientMessage {

  record CreateShare(String sessionId, int expiresInHours) implements ShareMessage, ForSession {}

  record ListShares(String sessionId) implements ShareMessage, ForSession {}

  record RevokeShare(String sessionId, String shareId) implements ShareMessage, ForSession {}
}
