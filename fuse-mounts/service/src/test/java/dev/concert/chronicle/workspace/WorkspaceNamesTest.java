package dev.concert.chronicle.workspace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.concert.error.ConcertException;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.NullAndEmptySource;
import org.junit.jupiter.params.provider.ValueSource;

class WorkspaceNamesTest {
  @ParameterizedTest
  @NullAndEmptySource
  @ValueSource(strings = {"..", "a/b", "a b", "ü", "a\0"})
  void an_id_that_could_be_a_path_is_refused(String id) {
    assertThatThrownBy(() -> WorkspaceNames.checkId(id))
        .isInstanceOf(ConcertException.class)
        .hasMessageContaining("workspaceId");
  }

  @Test
  void an_id_has_at_most_128_characters() {
    assertThat(WorkspaceNames.checkId("a".repeat(128))).hasSize(128);
    assertThatThrownBy(() -> WorkspaceNames.checkId("a".repeat(129)))
        .isInstanceOf(ConcertException.class);
  }

  static Stream<String> badPaths() {
    return Stream.of("", "/a", "a/", "a//b", ".", "..", "a/../b", "a\0b", "a".repeat(4001));
  }

  @ParameterizedTest
  @MethodSource("badPaths")
  void a_path_that_leaves_the_workspace_is_refused(String path) {
    assertThatThrownBy(() -> WorkspaceNames.checkPath(path)).isInstanceOf(ConcertException.class);
    assertThatThrownBy(() -> WorkspaceNames.checkNew(path)).isInstanceOf(ConcertException.class);
  }

  @Test
  void the_root_is_a_folder_and_not_a_file() {
    assertThat(WorkspaceNames.checkFolder("")).isEmpty();
    assertThat(WorkspaceNames.checkFolder("a/b")).isEqualTo("a/b");
    assertThatThrownBy(() -> WorkspaceNames.checkFolder(null)).isInstanceOf(ConcertException.class);
  }

  @Test
  void the_history_can_be_read_and_not_written() {
    assertThat(WorkspaceNames.checkPath(".chronicle/at/1/a")).isEqualTo(".chronicle/at/1/a");
    assertThatThrownBy(() -> WorkspaceNames.checkNew(".chronicle/at/1/a"))
        .hasMessageContaining("can only be read");
    assertThat(WorkspaceNames.checkNew("a/.chronicle")).isEqualTo("a/.chronicle");
  }

  @Test
  void a_new_name_fits_into_255_bytes() {
    assertThat(WorkspaceNames.checkNew("d/" + "n".repeat(255))).isNotEmpty();
    assertThatThrownBy(() -> WorkspaceNames.checkNew("d/" + "ü".repeat(128)))
        .hasMessageContaining("255 bytes");
  }
}
