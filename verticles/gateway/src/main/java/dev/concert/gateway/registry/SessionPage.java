package dev.concert.gateway.registry;

import dev.concert.protocol.SessionMeta;
import java.util.List;

/**
 * A page of sessions. It ends when their metadata has about 1 Mi characters, so that no client is
 * cut off for reading it.
 *
 * @param nextCursor where the next page begins; null after the last page
 */
public record SessionPage(List<SessionMeta> sessions, String nextCursor) {
  private static final int MAX_METADATA = 1 << 20;

  /**
   * @param found one session more than wanted, where there are more
   */
  static SessionPage of(List<SessionMeta> found, int limit) {
    int size = 0;
    long characters = 0;
    while (size < found.size() && size < limit) {
      SessionMeta next = found.get(size);
      characters += next.metadata() == null ? 0 : next.metadata().toString().length();
      if (size > 0 && characters > MAX_METADATA) {
        break;
      }
      size++;
    }
    return size == found.size()
        ? new SessionPage(found, null)
        : new SessionPage(found.subList(0, size), Cursor.after(found.get(size - 1)).wire());
  }
}
