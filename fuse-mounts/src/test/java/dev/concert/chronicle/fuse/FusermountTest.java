package dev.concert.chronicle.fuse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.concert.chronicle.posix.FileCalls;
import dev.concert.chronicle.workspace.RequiresFuse;
import dev.concert.error.ConcertException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The way by which users other than root mount; root may go it too. */
@RequiresFuse
class FusermountTest {
  @TempDir Path home;

  @BeforeEach
  void need() {
    assumeTrue(Fusermount.find().isPresent(), "fusermount is not installed, and root needs none");
  }

  @Test
  void itsDescriptorServesTheMount() throws IOException {
    Path place = Files.createDirectory(home.resolve("mount"));

    int device = Fusermount.mount(place, "concert", Mounting.TYPE);

    try {
      assertThat(device).isPositive();
      assertThat(MountTable.below(place)).containsExactly(place);
    } finally {
      FileCalls.close(device);
      Unmounting.detach(place);
    }
    assertThat(MountTable.below(place)).isEmpty();
  }

  @Test
  void aPlaceThatIsNotThereIsRefused() {
    assertThatThrownBy(() -> Fusermount.mount(home.resolve("none"), "concert", Mounting.TYPE))
        .isInstanceOf(ConcertException.class)
        .hasMessageContaining("cannot be mounted");
  }
}
