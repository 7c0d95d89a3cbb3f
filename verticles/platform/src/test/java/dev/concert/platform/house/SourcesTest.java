package dev.concert.platform.house;

import static org.assertj.core.api.Assertions.assertThat;

import dev.concert.platform.stage.Program;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What holds for every source file. */
class SourcesTest {
  private static final int MAX_LINES = 400;

  /** Files that are longer, each with the reason why it is better whole. */
  private static final Map<String, String> LONGER = Map.of();

  private static final Set<String> NOT_OURS =
      Set.of("target", ".git", ".concert", ".idea", "data", "node_modules", "__pycache__");
  private static final Pattern LAYER = Pattern.compile(".*(Utils?|Helpers?|Manager|Impl)\\.java");

  @Test
  void noFileIsLongerThanAPersonReads() {
    assertThat(sources(".java", ".py", ".js", ".css"))
        .filteredOn(file -> !LONGER.containsKey(name(file)))
        .filteredOn(file -> read(file).lines().count() > MAX_LINES)
        .as("files of more than %d lines", MAX_LINES)
        .isEmpty();
  }

  @Test
  void noExceptionFromThatIsOlderThanItsReason() {
    assertThat(LONGER.keySet())
        .allSatisfy(
            name ->
                assertThat(read(Program.home().resolve(name)).lines().count())
                    .as(name + " needs no exception any more")
                    .isGreaterThan(MAX_LINES));
  }

  @Test
  void classesAreNamedByWhatTheyAre() {
    assertThat(sources(".java"))
        .noneMatch(file -> LAYER.matcher(file.getFileName().toString()).matches());
  }

  @Test
  void noTestSleeps() {
    Pattern sleep = Pattern.compile("\\b(Thread|TimeUnit\\.[A-Z]+)\\.sleep\\(");

    assertThat(sources(".java"))
        .filteredOn(file -> name(file).contains("src/test"))
        .noneMatch(file -> sleep.matcher(read(file)).find());
  }

  private static List<Path> sources(String... endings) {
    try (Stream<Path> files = Files.find(Program.home(), 30, (_, kind) -> kind.isRegularFile())) {
      return files
          .filter(file -> Stream.of(endings).anyMatch(file.toString()::endsWith))
          .filter(SourcesTest::isOurs)
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static boolean isOurs(Path file) {
    for (Path part : Program.home().relativize(file)) {
      if (NOT_OURS.contains(part.toString())) {
        return false;
      }
    }
    return true;
  }

  private static String name(Path file) {
    return Program.home().relativize(file).toString();
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
