package dev.concert.chronicle.fuse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.concert.chronicle.binding.Fusermount;
import dev.concert.chronicle.binding.MountTable;
import dev.concert.chronicle.binding.Unmounter;
import dev.concert.chronicle.posix.FileCalls;
import dev.concert.error.ConcertException;
import dev.concert.testing.RequiresFuse;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The way by which users other than root mount; root may go it too. */
@RequiresFuse
class KernelMounterTest {
  @TempDir Path home;

  @BeforeEach
  void need() {
    assumeTrue(Fusermount.find().isPresent(), "fusermount is not installed, and root needs none");
  }

  @Test
  void the_descriptor_of_fusermount_serves_the_mount() throws IOException {
    Path place = Files.createDirectory(home.resolve("mount"));

    int device = KernelMounter.asUser(place);

    try {
      assertThat(device).isPositive();
      assertThat(MountTable.below(place)).containsExactly(place);
    } finally {
      FileCalls.close(device);
      Unmounter.detach(place);
    }
    assertThat(MountTable.below(place)).isEmpty();
  }

  @Test
  void a_place_that_does_not_exist_is_refused() {
    assertThatThrownBy(() -> KernelMounter.asUser(home.resolve("none")))
        .isInstanceOf(ConcertException.class)
        .hasMessageContaining("cannot be mounted");
  }
}
