package dev.concert.chronicle.binding;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class MountTableTest {
  @Test
  void blanks_and_backslashes_in_mount_points_are_decoded() {
    assertThat(MountTable.decode("/a\\040b\\134c")).isEqualTo("/a b\\c");
  }

  @Test
  void a_device_or_program_that_is_missing_is_named() {
    assertThat(MountSupport.missing(Path.of("/dev/null"), false, "fusermount3"))
        .hasValueSatisfying(why -> assertThat(why).contains("fusermount3"));
    assertThat(MountSupport.missing(Path.of("/dev/no-fuse"), true, "fusermount3"))
        .hasValueSatisfying(why -> assertThat(why).contains("/dev/no-fuse"));
    assertThat(MountSupport.missing(Path.of("/dev/null"), true, "fusermount3")).isEmpty();
  }
}
