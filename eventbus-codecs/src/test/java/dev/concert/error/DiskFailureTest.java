package dev.concert.error;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystemException;
import java.sql.SQLException;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class DiskFailureTest {
  private static final int FULL = 13;
  private static final int READ_ONLY_DIRECTORY = 1544;
  private static final int CONSTRAINT = 19;

  static Stream<Throwable> failuresOfTheDisk() {
    return Stream.of(
        new IllegalStateException(new SQLException("[SQLITE_FULL] full", "", FULL)),
        new SQLException("[SQLITE_READONLY_DIRECTORY] no", "", READ_ONLY_DIRECTORY),
        new UncheckedIOException(new FileSystemException("/x", null, "No space left on device")),
        new IOException("Disk quota exceeded"));
  }

  @ParameterizedTest
  @MethodSource("failuresOfTheDisk")
  void whoeverAskedMaySendItAgainAndReadsNothingOfTheServer(Throwable failure) {
    Problem problem = Problem.of(failure);
    assertThat(problem.code()).isEqualTo(ErrorCode.STORAGE_UNAVAILABLE);
    assertThat(problem.code().httpStatus()).isEqualTo(503);
    assertThat(problem.retryAfterMs()).isPositive();
    assertThat(problem.forPerson())
        .contains("disk is full", "Send it again")
        .doesNotContain("SQLITE", "/x");
  }

  static Stream<Throwable> defects() {
    return Stream.of(
        new SQLException("[SQLITE_CONSTRAINT] no", "", CONSTRAINT),
        new IOException("Connection reset"),
        new IOException(),
        new IllegalStateException("No space left on device"));
  }

  @ParameterizedTest
  @MethodSource("defects")
  void anythingElseStaysADefect(Throwable failure) {
    assertThat(Problem.of(failure).code()).isEqualTo(ErrorCode.INTERNAL);
    assertThat(Problem.isDefect(failure)).isTrue();
  }
}
