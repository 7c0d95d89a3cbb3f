package dev.concert.chronicle.content.blob;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StagedFileTest {
  @TempDir Path folder;

  @Test
  void opening_clears_what_dead_processes_left_and_nothing_else() throws IOException {
    BlobFolder.open(folder);
    Path dead = Files.writeString(folder.resolve("tmp/999999999-1-1"), "half");
    Path mine = Files.writeString(StagedFile.in(folder.resolve("tmp")), "being written");
    BlobFolder.open(folder);
    assertThat(dead).doesNotExist();
    assertThat(mine).exists();
  }
}
