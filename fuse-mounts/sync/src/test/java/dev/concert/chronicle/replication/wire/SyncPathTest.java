package dev.concert.chronicle.replication.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class SyncPathTest {
  @ParameterizedTest
  @ValueSource(strings = {"a", "a/b", ".hidden", "a/.chronicle", "..a", "a b/ü", ".chronicle2/x"})
  void a_relative_path_may_be_replicated(String path) {
    assertThat(SyncPath.wrong(path)).isEmpty();
  }

  static Stream<String> badPaths() {
    return Stream.of(
        "",
        "/a",
        "a/",
        "a//b",
        ".",
        "a/./b",
        "..",
        "a/../b",
        "a\0b",
        ".chronicle",
        ".chronicle/at/1/a",
        "n".repeat(256),
        "ü".repeat(128),
        "d/".repeat(2001) + "f");
  }

  @ParameterizedTest
  @MethodSource("badPaths")
  void a_path_that_leaves_the_workspace_or_is_too_long_is_refused(String path) {
    assertThat(SyncPath.wrong(path)).isPresent();
  }
}
