package dev.concert.chronicle.fuse;

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
    assertThat(FuseSupport.missing(Path.of("/dev/null"), false))
        .hasValueSatisfying(why -> assertThat(why).contains("fusermount3"));
    assertThat(FuseSupport.missing(Path.of("/dev/no-fuse"), true))
        .hasValueSatisfying(why -> assertThat(why).contains("/dev/no-fuse"));
    assertThat(FuseSupport.missing(Path.of("/dev/null"), true)).isEmpty();
  }
}
