package dev.concert.client;

/** How a piece of text looks on a terminal. */
public enum Style {
  PLAIN("0"),
  DIM("2"),
  BOLD("1"),
  ITALIC("3"),
  TOOL("36"),
  GOOD("32"),
  WARN("33"),
  BAD("31");

  private static final String END = "\u001b[0m";

  private final String code;

  Style(String code) {
    this.code = code;
  }

  /** The text in this style, which goes on after styles inside of it. */
  String paint(String text, boolean colours) {
    String begin = "\u001b[" + code + "m";
    return colours && this != PLAIN ? begin + text.replace(END, END + begin) + END : text;
  }

  /**
   * The text without what a terminal would obey: an agent's output may move a cursor, rename a
   * window, answer in the reader's name, or show a command in another order than it is run.
   */
  public static String harmless(String text) {
    return text.replaceAll("\u001b\\[[0-9;?]*[ -/]*[@-~]", "")
        .replaceAll("[\\x00-\\x08\\x0b-\\x1f\\x7f\u0080-\u009f]", "")
        .replaceAll("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]", "");
  }
}
