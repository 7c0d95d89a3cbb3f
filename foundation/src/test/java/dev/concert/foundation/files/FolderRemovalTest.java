package dev.concert.foundation.files;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@DisabledOnOs(OS.WINDOWS)
class FolderRemovalTest {
  @TempDir private Path place;

  @Test
  void everythingGoesAndNothingOutside() throws IOException {
    Path outside = Files.createDirectory(place.resolve("outside"));
    Files.writeString(outside.resolve("kept"), "1");
    Path folder = place.resolve("folder");
    Files.createDirectories(folder.resolve("a/b/c"));
    Files.writeString(folder.resolve("a/b/c/file"), "2");
    Files.writeString(folder.resolve("a/file"), "3");
    Files.createSymbolicLink(folder.resolve("a/link"), outside);
    Files.createSymbolicLink(folder.resolve("dangling"), Path.of("nowhere"));

    FolderRemoval.remove(folder);

    assertThat(folder).doesNotExist();
    assertThat(outside.resolve("kept")).hasContent("1");
  }

  @Test
  void whatIsNotThereIsRemovedAlready() throws IOException {
    FolderRemoval.remove(place.resolve("nothing"));
  }

  @Test
  void aSymlinkInPlaceOfTheFolderIsRemovedAndNotFollowed() throws IOException {
    Path outside = Files.createDirectory(place.resolve("outside"));
    Path link = Files.createSymbolicLink(place.resolve("link"), outside);

    FolderRemoval.remove(link);

    assertThat(outside).exists();
    assertThat(Files.isSymbolicLink(link)).isFalse();
  }

  @Test
  void foldersThatNobodyMayLookIntoGoToo() throws IOException {
    Path folder = place.resolve("folder");
    Path closed = Files.createDirectories(folder.resolve("closed"));
    Files.writeString(closed.resolve("file"), "1");
    Files.setPosixFilePermissions(closed, PosixFilePermissions.fromString("---------"));

    FolderRemoval.remove(folder);

    assertThat(folder).doesNotExist();
  }

  @Test
  void foldersNestedDeeperThanAPathCanBeGoToo() throws Exception {
    Path folder = Files.createDirectory(place.resolve("folder"));
    Process nest =
        new ProcessBuilder(
                "python3",
                "-c",
                "import os\nfor i in range(3000):\n os.mkdir('d'*20)\n os.chdir('d'*20)\n"
                    + "open('last','w').close()")
            .directory(folder.toFile())
            .inheritIO()
            .start();
    assertThat(nest.waitFor()).isZero();

    FolderRemoval.remove(folder);

    assertThat(folder).doesNotExist();
  }

  @Test
  void twoAtOnceRemoveItTogether() throws IOException {
    Path folder = place.resolve("folder");
    for (int i = 0; i < 300; i++) {
      Files.createDirectories(folder.resolve("d" + i % 20 + "/e" + i));
      Files.writeString(folder.resolve("d" + i % 20 + "/e" + i + "/f"), "1");
    }
    List<CompletableFuture<Void>> both =
        List.of(
            CompletableFuture.runAsync(() -> unchecked(folder)),
            CompletableFuture.runAsync(() -> unchecked(folder)));
    both.forEach(CompletableFuture::join);

    assertThat(folder).doesNotExist();
  }

  private static void unchecked(Path folder) {
    try {
      FolderRemoval.remove(folder);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
