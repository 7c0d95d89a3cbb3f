package dev.concert.client;

/** How a piece of text looks on a terminal. */
enum Style {
  PLAIN("0"),
  DIM("2"),
  BOLD("1"),
  TOOL("36"),
  GOOD("32"),
  WARN("33"),
  BAD("31");

  private final String code;

  Style(String code) {
    this.code = code;
  }

  String paint(String text, boolean colours) {
    return colours && this != PLAIN ? "\u001b[" + code + "m" + text + "\u001b[0m" : text;
  }

  /**
   * The text without what a terminal would obey: an agent's output may move a cursor, rename a
   * window, answer in the reader's name, or show a command in another order than it is run.
   */
  static String harmless(String text) {
    return text.replaceAll("\u001b\\[[0-9;?]*[ -/]*[@-~]", "")
        .replaceAll("[\\x00-\\x08\\x0b-\\x1f\\x7f\u0080-\u009f]", "")
        .replaceAll("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]", "");
  }
}
