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
  void a_library_or_device_that_is_missing_is_named() {
    assertThat(FuseSupport.missing("libfuse.so.99", Path.of("/dev/null")))
        .hasValueSatisfying(why -> assertThat(why).contains("libfuse.so.99"));
    assertThat(FuseSupport.missing("libfuse.so.2", Path.of("/dev/no-fuse")))
        .hasValueSatisfying(why -> assertThat(why).contains("/dev/no-fuse"));
  }
}
