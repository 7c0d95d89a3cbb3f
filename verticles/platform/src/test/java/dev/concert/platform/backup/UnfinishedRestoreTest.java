package dev.concert.platform.backup;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A restore that was cut. */
class UnfinishedRestoreTest {
  @TempDir Path place;

  @Test
  void itIsBegunAnewInTheFolderAndEndsWithoutAMark() throws IOException {
    Path folder = place.resolve("restored");
    UnfinishedRestore mark = new UnfinishedRestore(folder);
    assertThat(mark.isMarked()).isFalse();
    mark.begin();
    Files.createDirectories(folder.resolve("sessions/half"));
    Files.writeString(folder.resolve("sessions/half/session.db"), "half");
    Files.writeString(folder.resolve("journal.db"), "half");

    new UnfinishedRestore(folder).begin();
    assertThat(mark.isMarked()).isTrue();
    try (var inside = Files.list(folder)) {
      assertThat(inside).hasSize(1);
    }

    mark.end();
    assertThat(folder).isEmptyDirectory();
  }
}
