package dev.concert.bridges.irc;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A line of the protocol.
 *
 * @param source whom it is from, {@code nick!user@host} for a person; empty for none
 * @param command in capitals, or three digits
 */
record IrcLine(Map<String, String> tags, String source, String command, List<String> parameters) {

  /** Empty for a line without a command. */
  static Optional<IrcLine> of(String text) {
    String rest = text.strip();
    Map<String, String> tags = new HashMap<>();
    if (rest.startsWith("@")) {
      for (String tag : word(rest).substring(1).split(";")) {
        String[] parts = tag.split("=", 2);
        tags.put(parts[0], parts.length == 2 ? parts[1] : "");
      }
      rest = after(rest);
    }
    String source = "";
    if (rest.startsWith(":")) {
      source = word(rest).substring(1);
      rest = after(rest);
    }
    String command = word(rest);
    List<String> parameters = new ArrayList<>();
    rest = after(rest);
    while (!rest.isEmpty()) {
      boolean isLast = rest.startsWith(":");
      parameters.add(isLast ? rest.substring(1) : word(rest));
      rest = isLast ? "" : after(rest);
    }
    return command.isEmpty()
        ? Optional.empty()
        : Optional.of(new IrcLine(tags, source, command, parameters));
  }

  private static String word(String text) {
    int space = text.indexOf(' ');
    return space < 0 ? text : text.substring(0, space);
  }

  private static String after(String text) {
    int space = text.indexOf(' ');
    return space < 0 ? "" : text.substring(space).stripLeading();
  }

  /** A parameter, from 0; empty if there is none. */
  String parameter(int index) {
    return index < parameters.size() ? parameters.get(index) : "";
  }

  String last() {
    return parameters.isEmpty() ? "" : parameters.getLast();
  }

  String nick() {
    int mark = source.indexOf('!');
    return mark < 0 ? source : source.substring(0, mark);
  }
}
