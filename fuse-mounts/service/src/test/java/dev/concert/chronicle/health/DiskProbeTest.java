package dev.concert.chronicle.health;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class DiskProbeTest {
  @TempDir Path folder;

  @Test
  void a_folder_that_can_be_written_has_no_problem_and_nothing_is_left_in_it() {
    assertThat(new DiskProbe(folder).look()).isEmpty();
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void a_folder_that_is_gone_cannot_be_written() {
    assertThat(new DiskProbe(folder.resolve("missing")).look()).hasValue(HealthProblem.UNRECORDED);
  }

  static Stream<Arguments> failures() {
    return Stream.of(
        Arguments.of("x: No space left on device", HealthProblem.FULL),
        Arguments.of("x: Disk quota exceeded", HealthProblem.FULL),
        Arguments.of("[SQLITE_FULL] database or disk is full", HealthProblem.FULL),
        Arguments.of("write failed: errno 28", HealthProblem.FULL),
        Arguments.of("x: Read-only file system", HealthProblem.READ_ONLY),
        Arguments.of("attempt to write a readonly database", HealthProblem.READ_ONLY),
        Arguments.of("Input/output error", HealthProblem.UNRECORDED));
  }

  @ParameterizedTest
  @MethodSource("failures")
  void a_failure_names_its_problem_also_when_it_is_the_cause_of_another(
      String message, HealthProblem problem) {
    IOException failure = new IOException(message);
    assertThat(HealthProblem.of(failure)).isEqualTo(problem);
    assertThat(HealthProblem.of(new UncheckedIOException("Cannot record", failure)))
        .isEqualTo(problem);
    assertThat(problem.message()).endsWith(".").doesNotContain("/");
  }
}
