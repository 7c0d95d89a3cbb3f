package dev.concert.client;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.commonmark.ext.gfm.tables.TableCell.Alignment;
import org.jline.utils.AttributedString;

/** A table in columns as wide as their widest cell. */
final class AnsiTable {
  private AnsiTable() {}

  /**
   * @param text with styles
   * @param alignment null for none
   */
  record Cell(String text, Alignment alignment) {
    /** Columns of the terminal, without styles, with wide characters as they are. */
    int width() {
      return AttributedString.fromAnsi(text).columnLength();
    }

    String padded(int width) {
      int missing = Math.max(0, width - width());
      int before =
          alignment == Alignment.RIGHT ? missing : alignment == Alignment.CENTER ? missing / 2 : 0;
      return " ".repeat(before) + text + " ".repeat(missing - before);
    }
  }

  /**
   * @param rows the head first; all of the same length
   */
  static List<String> lines(List<List<Cell>> rows) {
    int columns = rows.stream().mapToInt(List::size).max().orElse(0);
    int[] widths =
        IntStream.range(0, columns)
            .map(
                column ->
                    rows.stream()
                        .filter(row -> column < row.size())
                        .mapToInt(row -> row.get(column).width())
                        .max()
                        .orElse(0))
            .toArray();
    return IntStream.range(0, rows.size())
        .boxed()
        .flatMap(
            index ->
                index == 0
                    ? List.of(Style.BOLD.paint(line(rows.get(0), widths), true), rule(widths))
                        .stream()
                    : List.of(line(rows.get(index), widths)).stream())
        .toList();
  }

  private static String line(List<Cell> row, int[] widths) {
    return IntStream.range(0, row.size())
        .mapToObj(column -> row.get(column).padded(widths[column]))
        .collect(Collectors.joining("  "))
        .stripTrailing();
  }

  private static String rule(int[] widths) {
    return Style.DIM.paint(
        IntStream.of(widths).mapToObj("─"::repeat).collect(Collectors.joining("  ")), true);
  }
}
