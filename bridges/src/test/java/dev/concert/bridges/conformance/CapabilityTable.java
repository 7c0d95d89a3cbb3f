package dev.concert.bridges.conformance;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** What {@code docs/bridges.md} says that each platform can do: tests run where it says yes. */
final class CapabilityTable {
  private static final Path DOCUMENT = Path.of("..", "docs", "bridges.md");
  private static final String BEGINNING = "| platform | files from people |";

  private CapabilityTable() {}

  /** By the name of the platform, its cells by their column. */
  static Map<String, Map<String, String>> rows() {
    try {
      List<List<String>> lines =
          Files.readAllLines(DOCUMENT).stream()
              .dropWhile(line -> !line.startsWith(BEGINNING))
              .takeWhile(line -> line.startsWith("|"))
              .map(line -> Arrays.stream(line.split("\\|")).map(String::strip).toList())
              .toList();
      Map<String, Map<String, String>> rows = new TreeMap<>();
      for (List<String> cells : lines.subList(2, lines.size())) {
        Map<String, String> row = new TreeMap<>();
        for (int i = 2; i < cells.size(); i++) {
          row.put(lines.getFirst().get(i), cells.get(i));
        }
        rows.put(cells.get(1).toLowerCase(Locale.ROOT).replace(" ", ""), row);
      }
      return rows;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The platforms of which a column says this. */
  static Set<PlayedPlatform> platforms(String column, String value) {
    Map<String, Map<String, String>> rows = rows();
    return Arrays.stream(PlayedPlatform.values())
        .filter(one -> value.equals(rows.get(one.platform()).get(column)))
        .collect(Collectors.toCollection(TreeSet::new));
  }
}
