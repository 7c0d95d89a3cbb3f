package dev.concert.platform.architecture;

import dev.concert.platform.harness.Program;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** The source files of all modules, as they are in this checkout. */
final class SourceTree {
  private static final Set<String> NOT_SOURCES =
      Set.of("target", ".git", ".concert", ".idea", "data", "node_modules", "__pycache__");

  private SourceTree() {}

  /** All files whose names end in one of these. */
  static List<Path> files(String... endings) {
    try (Stream<Path> files = Files.find(Program.home(), 30, (_, kind) -> kind.isRegularFile())) {
      return files
          .filter(file -> Stream.of(endings).anyMatch(file.toString()::endsWith))
          .filter(SourceTree::isSource)
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The top-level types of the program, without tests and package descriptions. */
  static List<Path> mainTypes() {
    return files(".java").stream()
        .filter(file -> name(file).contains("src/main/java/"))
        .filter(file -> !file.endsWith("package-info.java"))
        .toList();
  }

  private static boolean isSource(Path file) {
    for (Path part : Program.home().relativize(file)) {
      if (NOT_SOURCES.contains(part.toString())) {
        return false;
      }
    }
    return true;
  }

  /** The path below the checkout. */
  static String name(Path file) {
    return Program.home().relativize(file).toString();
  }

  /** The simple name of the type in this file. */
  static String type(Path file) {
    return file.getFileName().toString().replace(".java", "");
  }

  static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
