package dev.concert.bridges.text;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.ToIntFunction;

/**
 * Splits Markdown into pieces of a bounded length: between lines where it can, else between words,
 * else between characters that people see as one. A code block that goes on in the next piece is
 * closed in the one and opened again in the other, with its language.
 *
 * <p>A piece that is followed by another does not change when the text goes on, so that pieces that
 * were sent already stay as they are. Pure.
 */
public final class MessageSplitter {
  /** Below that, a fence and its language would leave no room for the text. */
  static final int MIN_LENGTH = 40;

  private static final int MAX_LANGUAGE = 16;

  private final int maxLength;
  private final ToIntFunction<String> length;

  /**
   * @param maxLength of a piece, at least {@value #MIN_LENGTH}
   * @param length of a text in the platform's unit and form; does not shrink when a text grows
   */
  public MessageSplitter(int maxLength, ToIntFunction<String> length) {
    if (maxLength < MIN_LENGTH) {
      throw new IllegalArgumentException(
          "A piece has at least %d characters".formatted(MIN_LENGTH));
    }
    this.maxLength = maxLength;
    this.length = length;
  }

  /** The pieces, in order; none for an empty text. */
  public List<String> split(String text) {
    List<String> pieces = new ArrayList<>();
    Piece piece = new Piece("");
    for (String line : lines(text)) {
      String rest = line;
      while (!piece.takes(rest)) {
        String head = piece.isEmpty() ? piece.fitting(rest) : "";
        piece.add(head);
        pieces.add(piece.closed());
        rest = rest.substring(head.length());
        piece = new Piece(piece.opening());
      }
      piece.add(rest);
    }
    if (!piece.isEmpty()) {
      pieces.add(piece.closed());
    }
    return pieces;
  }

  /** The lines of a text, each with its line break. */
  private static List<String> lines(String text) {
    List<String> lines = new ArrayList<>();
    int start = 0;
    while (start < text.length()) {
      int end = text.indexOf('\n', start);
      end = end < 0 ? text.length() : end + 1;
      lines.add(text.substring(start, end));
      start = end;
    }
    return lines;
  }

  private final class Piece {
    private final StringBuilder text;
    private final int begun;
    private Optional<Fence> open;

    private Piece(String opening) {
      this.text = new StringBuilder(opening);
      this.begun = opening.length();
      this.open = opening.isEmpty() ? Optional.empty() : Fence.of(opening);
    }

    private boolean isEmpty() {
      return text.length() == begun;
    }

    private boolean takes(String line) {
      return fits(text + line, after(line));
    }

    private boolean fits(String candidate, Optional<Fence> fence) {
      String whole = fence.map(one -> candidate + "\n" + one.closing()).orElse(candidate);
      return length.applyAsInt(whole) <= maxLength;
    }

    private Optional<Fence> after(String line) {
      Optional<Fence> found = Fence.of(line);
      if (open.isEmpty()) {
        return found;
      }
      return open.get().isClosedBy(line) ? Optional.empty() : open;
    }

    private void add(String line) {
      text.append(line);
      open = after(line);
    }

    /**
     * As much of a line that is too long as fits; at least one character, so that it ends. A part
     * of a line may open a code block where the whole line does not.
     */
    private String fitting(String line) {
      int low = 1;
      int high = line.length();
      while (low < high) {
        int middle = (low + high + 1) >>> 1;
        if (takes(line.substring(0, middle))) {
          low = middle;
        } else {
          high = middle - 1;
        }
      }
      int end = boundary(line, low);
      while (end > 1 && !takes(line.substring(0, end))) {
        end = boundary(line, end - 1);
      }
      return line.substring(0, end);
    }

    private int boundary(String line, int end) {
      int space = line.lastIndexOf(' ', end - 1);
      if (space >= end / 2) {
        return space + 1;
      }
      java.text.BreakIterator characters = java.text.BreakIterator.getCharacterInstance();
      characters.setText(line);
      int whole = characters.isBoundary(end) ? end : characters.preceding(end);
      return whole <= 0 ? end : whole;
    }

    private String closed() {
      String whole = text.toString();
      return open.map(fence -> whole + (whole.endsWith("\n") ? "" : "\n") + fence.closing())
          .orElseGet(whole::stripTrailing);
    }

    private String opening() {
      return open.map(Fence::opening).orElse("");
    }
  }

  /**
   * The first line of a code block.
   *
   * @param mark the backticks or tildes that close it as well
   */
  private record Fence(String mark, String language) {
    private static Optional<Fence> of(String line) {
      String stripped = line.strip();
      if (line.indexOf(stripped.isEmpty() ? ' ' : stripped.charAt(0)) > 3
          || stripped.length() < 3) {
        return Optional.empty();
      }
      char mark = stripped.charAt(0);
      int count = 0;
      while (count < stripped.length() && stripped.charAt(count) == mark) {
        count++;
      }
      String language = stripped.substring(count).strip();
      boolean isFence = (mark == '`' || mark == '~') && count >= 3 && count <= 8;
      return isFence && !(mark == '`' && language.indexOf('`') >= 0)
          ? Optional.of(
              new Fence(
                  stripped.substring(0, count), language.length() > MAX_LANGUAGE ? "" : language))
          : Optional.empty();
    }

    private boolean isClosedBy(String line) {
      String stripped = line.strip();
      return stripped.startsWith(mark) && stripped.chars().allMatch(one -> one == mark.charAt(0));
    }

    private String opening() {
      return mark + language + "\n";
    }

    private String closing() {
      return mark;
    }
  }
}
