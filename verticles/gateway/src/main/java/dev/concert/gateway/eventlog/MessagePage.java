package dev.concert.gateway.eventlog;

import dev.concert.protocol.ServerEvent.Message;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/**
 * A page of a session's conversation. It ends when its contents have about 2 Mi characters, so that
 * no client is cut off for reading it; one message is always in it.
 *
 * @param messages in the order of the conversation
 * @param hasMore whether there are earlier messages
 */
public record MessagePage(List<Message> messages, boolean hasMore) {
  private static final int MAX_CHARACTERS = 2 << 20;

  /** Reads rows that begin with the latest message. */
  static MessagePage of(ResultSet rows, int limit) throws SQLException {
    List<Message> messages = new ArrayList<>();
    int characters = 0;
    while (rows.next()) {
      String content = rows.getString(3);
      characters += content.length();
      if (messages.size() == limit || !messages.isEmpty() && characters > MAX_CHARACTERS) {
        return new MessagePage(List.copyOf(messages.reversed()), true);
      }
      messages.add(new Message(rows.getString(1), rows.getString(2), content, rows.getLong(4)));
    }
    return new MessagePage(List.copyOf(messages.reversed()), false);
  }
}
