package dev.concert.chronicle.localsync;

import static org.assertj.core.api.Assertions.assertThat;

import dev.concert.chronicle.localsync.watch.ChangedPaths;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which deletions are believed only after a look at the whole folder. */
class DeletionRescanTest {
  @TempDir private Path root;

  private boolean needsRescan(String folder, int files) {
    Set<String> paths =
        IntStream.range(0, files).mapToObj(i -> folder + "f" + i).collect(Collectors.toSet());
    return LocalSync.needsRescan(root, new ChangedPaths(false, paths));
  }

  @Test
  void aFewDeletedFilesAreBelieved() throws IOException {
    Files.createDirectory(root.resolve("src"));

    assertThat(needsRescan("", 3)).isFalse();
    assertThat(needsRescan("src/", 12)).isFalse();
  }

  @Test
  void manyDeletedFilesAreNot() {
    assertThat(needsRescan("", 20)).isTrue();
  }

  @Test
  void aPartOfTheFilesOfAFolderThatIsGoneIsNot() {
    assertThat(needsRescan("all/", 12)).isTrue();
    assertThat(needsRescan("all/deep/", 1)).isTrue();
  }

  @Test
  void changedFilesThatAreThereAreBelieved() throws IOException {
    for (int i = 0; i < 30; i++) {
      Files.createFile(root.resolve("f" + i));
    }

    assertThat(needsRescan("", 30)).isFalse();
  }
}
