package dev.concert.gateway.inference;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Makes a session's name of what a model or a person wrote. */
final class SessionTitle {
  static final int MAX_WORDS = 6;
  static final int MAX_LENGTH = 200;

  /** What models put around a title: quotes, and the marks of Markdown. */
  private static final String AROUND = "[\\s\"'`*_#«»“”„‘’]+";

  private SessionTitle() {}

  /** Of a model's answer; empty where it has no title. */
  static Optional<String> ofAnswer(String answer) {
    return title(answer, "").map(title -> title.replaceFirst("[.:;,]+$", ""));
  }

  /** Of the first words of a message; empty where it has none. */
  static Optional<String> ofMessage(String message) {
    return title(message, "…");
  }

  private static Optional<String> title(String text, String whereCut) {
    return text.lines()
        .map(SessionTitle::clean)
        .filter(line -> !line.isEmpty())
        .findFirst()
        .map(line -> cut(line, whereCut));
  }

  private static String clean(String line) {
    return line.replaceAll("[\\p{Cntrl}\\p{Cf}\\p{Co}\\p{Cn}]", " ")
        .replaceAll("\\s+", " ")
        .replaceFirst("^(?i)title:", "")
        .replaceFirst("^" + AROUND, "")
        .replaceFirst(AROUND + "$", "");
  }

  private static String cut(String line, String whereCut) {
    List<String> words = Arrays.asList(line.split(" "));
    boolean isLong = words.size() > MAX_WORDS;
    String title = isLong ? String.join(" ", words.subList(0, MAX_WORDS)) + whereCut : line;
    int length = title.codePointCount(0, title.length());
    return length <= MAX_LENGTH
        ? title
        : title.substring(0, title.offsetByCodePoints(0, MAX_LENGTH - 1)) + "…";
  }
}
