package dev.concert.platform.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import dev.concert.platform.harness.Program;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What holds for every source file. */
class SourceRulesTest {
  private static final int MAX_LINES = 400;

  /** Files that are longer, each with the reason why it is better whole. */
  private static final Map<String, String> LONGER = Map.of();

  @Test
  void noFileIsLongerThanAPersonReads() {
    assertThat(SourceTree.files(".java", ".py", ".js", ".css"))
        .filteredOn(file -> !LONGER.containsKey(SourceTree.name(file)))
        .filteredOn(file -> SourceTree.read(file).lines().count() > MAX_LINES)
        .as("files of more than %d lines", MAX_LINES)
        .isEmpty();
  }

  @Test
  void noExceptionFromThatIsOlderThanItsReason() {
    assertThat(LONGER.keySet())
        .allSatisfy(
            name ->
                assertThat(SourceTree.read(Program.home().resolve(name)).lines().count())
                    .as(name + " needs no exception any more")
                    .isGreaterThan(MAX_LINES));
  }

  @Test
  void noTestSleeps() {
    Pattern sleep = Pattern.compile("\\b(Thread|TimeUnit\\.[A-Z]+)\\.sleep\\(");

    assertThat(SourceTree.files(".java"))
        .filteredOn(file -> SourceTree.name(file).contains("src/test"))
        .noneMatch(file -> sleep.matcher(SourceTree.read(file)).find());
  }
}
