package dev.concert.ensemble.demo.task;

/** Phrases that several tasks use. */
final class Phrases {
  private static final int LONGEST_QUOTE = 6_000;

  private Phrases() {}

  /** Output as a code block; a long one is cut, and says so. */
  static String quote(String output) {
    String text = output.stripTrailing().replaceFirst("^\\R+", "");
    if (text.length() > LONGEST_QUOTE) {
      text = text.substring(0, LONGEST_QUOTE) + "\n… (the rest is left out here)";
    }
    return "```\n" + text + "\n```";
  }

  static NextMove.Stopped failed(String attempt, ToolExchange exchange) {
    return exchange.denied()
        ? new NextMove.Stopped("I was not given permission to " + attempt + ", so I stopped there.")
        : new NextMove.Stopped("I could not " + attempt + ": " + exchange.reason());
  }

  static String code(String text) {
    return "`" + text + "`";
  }
}
