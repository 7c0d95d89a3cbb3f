package dev.concert.platform.command.chat;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** What a line that begins with a slash asks for. */
enum SlashCommand {
  HELP("", "show these commands"),
  NEW("", "begin a new session with the next message"),
  SESSIONS("[WORD]", "list your sessions"),
  RESUME("ID", "go on with another session; the beginning of its id is enough"),
  RENAME("NAME", "give this session another name"),
  MESSAGES("", "show the last messages of this session"),
  MODE("[MODE]", "show or set what the agent does without asking: ask, edits, plan, all"),
  EFFORT("LEVEL", "set how much the model thinks"),
  COMPACT("[WISH]", "have a summary take the place of the conversation"),
  RUN("COMMAND", "run a command in the workspace, in the sandbox"),
  QUIT("", "leave; the session stays");

  private final String argument;
  private final String meaning;

  SlashCommand(String argument, String meaning) {
    this.argument = argument;
    this.meaning = meaning;
  }

  /** As a user types it. */
  String word() {
    return "/" + name().toLowerCase(Locale.ROOT);
  }

  /** One line of the help. */
  String help() {
    return "  %-18s %s".formatted((word() + " " + argument).strip(), meaning);
  }

  static List<String> words() {
    return Arrays.stream(values()).map(SlashCommand::word).toList();
  }

  /** The command that a word names or begins; empty for none and for several. */
  static Optional<SlashCommand> of(String word) {
    List<SlashCommand> begun =
        Arrays.stream(values())
            .filter(one -> one.word().startsWith(word.toLowerCase(Locale.ROOT)))
            .toList();
    return begun.size() == 1 ? Optional.of(begun.getFirst()) : Optional.empty();
  }
}
