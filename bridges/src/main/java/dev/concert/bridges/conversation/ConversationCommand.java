package dev.concert.bridges.conversation;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/**
 * What people can ask for beside turns.
 *
 * @param argument what stands behind the name; empty for none
 */
record ConversationCommand(Name name, String argument) {
  static final String HELP =
      """
      Write to me, or mention me in a channel, and I work on it. In this conversation:
      • `status`: what I am doing
      • `stop`: stop what I am doing
      • `new`: begin a new session
      • `model`, `model NAME`: the model of new sessions
      • `pair CODE`: tell me which member of Concert you are
      • `help`: this text\
      """;

  /** Names of commands. */
  enum Name {
    HELP,
    STATUS,
    STOP,
    NEW,
    MODEL,
    PAIR;

    /** Whether it may stand before so many words. */
    private boolean takes(int words) {
      return switch (this) {
        case PAIR -> words == 1;
        case MODEL -> words <= 1;
        case HELP, STATUS, STOP, NEW -> words == 0;
      };
    }
  }

  /** The command that a text is; empty where it is something else. */
  static Optional<ConversationCommand> of(String text) {
    String[] words = text.strip().split("\\s+", 3);
    Optional<Name> named =
        Arrays.stream(Name.values())
            .filter(
                name ->
                    name.name().toLowerCase(Locale.ROOT).equals(words[0].toLowerCase(Locale.ROOT)))
            .findFirst();
    return named
        .filter(name -> name.takes(words.length - 1))
        .map(name -> new ConversationCommand(name, words.length == 2 ? words[1] : ""));
  }
}
