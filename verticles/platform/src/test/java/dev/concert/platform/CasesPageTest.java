package dev.concert.platform;

import static org.assertj.core.api.Assertions.assertThat;

import dev.concert.platform.harness.Program;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The pages of cases name tests that exist. */
class CasesPageTest {
  private static final Pattern TEST = Pattern.compile("`([A-Z]\\w*Test)(?:\\.(\\w+))?`");
  private static final Pattern PYTHON = Pattern.compile("`(test_\\w+)\\.(test_\\w+)`");
  private static final Pattern EXCHANGE = Pattern.compile("`((?:anthropic|chat|gemini)/[a-z-]+)`");

  @ParameterizedTest
  @ValueSource(strings = {"ensemble-cases.md", "people-cases.md"})
  void eachTestThatItNamesIsThere(String name) throws IOException {
    String page = page(name);
    Map<String, Path> tests = tests();

    List<MatchResult> named = TEST.matcher(page).results().toList();
    assertThat(named).hasSizeGreaterThan(40);
    for (MatchResult one : named) {
      assertThat(tests).containsKey(one.group(1));
      if (one.group(2) != null) {
        assertThat(Files.readString(tests.get(one.group(1))))
            .contains("void " + one.group(2) + "(");
      }
    }
  }

  @Test
  void eachTestOfAnAgentIsThere() throws IOException {
    List<MatchResult> named = PYTHON.matcher(page("people-cases.md")).results().toList();
    assertThat(named).hasSizeGreaterThan(20);
    for (MatchResult one : named) {
      assertThat(Program.home().resolve("agents/tests").resolve(one.group(1) + ".py"))
          .content()
          .contains("def " + one.group(2) + "(");
    }
  }

  @Test
  void eachExchangeIsThere() throws IOException {
    assertThat(EXCHANGE.matcher(page("ensemble-cases.md")).results().map(found -> found.group(1)))
        .hasSizeGreaterThan(8)
        .allSatisfy(
            name ->
                assertThat(
                        Program.home()
                            .resolve("verticles/ensemble/src/test/resources/exchanges")
                            .resolve(name + ".json"))
                    .exists());
  }

  private static String page(String name) throws IOException {
    return Files.readString(Program.home().resolve("docs").resolve(name));
  }

  private static Map<String, Path> tests() {
    return Stream.of(
            "verticles/ensemble",
            "verticles/ensemble-demo",
            "verticles/coordinator",
            "verticles/gateway",
            "verticles/platform",
            "clients/command-line",
            "test-support")
        .map(module -> Program.home().resolve(module).resolve("src/test/java"))
        .flatMap(CasesPageTest::files)
        .collect(
            Collectors.toMap(
                file -> file.getFileName().toString().replace(".java", ""),
                file -> file,
                (one, other) -> one));
  }

  private static Stream<Path> files(Path folder) {
    try (Stream<Path> all = Files.walk(folder)) {
      return all.filter(file -> file.toString().endsWith("Test.java")).toList().stream();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
