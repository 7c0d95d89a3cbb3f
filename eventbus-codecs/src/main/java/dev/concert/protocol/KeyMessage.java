package dev.concert.protocol;

import java.util.List;
import java.util.Optional;

/** Requests about API keys. A field that may be left out is null where the table has no default. */
public interface KeyMessage extends ClientMessage {

  /**
   * @param role the most that the key may; null for the creator's own role
   * @param permissions the only ones of the role that the key has; null for all of them
   * @param sessions ids of the only sessions that the key is for; null for all
   * @param expiresAt Unix milliseconds; null for a key that does not expire
   */
  record CreateKey(
      String name, Role role, List<Permission> permissions, List<String> sessions, Long expiresAt)
      implements KeyMessage {
    private static final int MAX_ID = 128;

    public Optional<String> fault() {
      if (permissions != null && (permissions.isEmpty() || permissions.contains(null))) {
        return Optional.of("'permissions' must name at least one permission, or be left out");
      }
      if (sessions != null && (sessions.isEmpty() || !sessions.stream().allMatch(this::isId))) {
        return Optional.of(
            "'sessions' must have at least one session id of at most %d characters, or be left out"
                .formatted(MAX_ID));
      }
      return Optional.empty();
    }

    private boolean isId(String session) {
      return session != null && !session.isEmpty() && session.length() <= MAX_ID;
    }
  }

  /**
   * @param all those of every member, not only the caller's own
   */
  record ListKeys(boolean all, int limit, String cursor) implements KeyMessage {}

  record RevokeKey(String keyId) implements KeyMessage {}
}
