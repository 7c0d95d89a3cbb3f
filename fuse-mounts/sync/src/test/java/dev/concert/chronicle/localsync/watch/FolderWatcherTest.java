package dev.concert.chronicle.localsync.watch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.concert.chronicle.localsync.folder.IgnoreRules;
import dev.concert.chronicle.localsync.watch.ChangeDebouncer.Timing;
import dev.concert.testing.Await;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the system tells of a folder. */
class FolderWatcherTest {
  @TempDir private Path place;
  private final List<ChangedPaths> heard = new CopyOnWriteArrayList<>();
  private Path root;
  private ChangeDebouncer debounce;
  private FolderWatcher watcher;

  @BeforeEach
  void watch() throws IOException {
    root = Files.createDirectory(place.resolve("root")).toRealPath();
    Files.writeString(root.resolve(".gitignore"), "build/\n");
    Files.createDirectories(root.resolve("src"));
    Files.createDirectories(root.resolve("build"));
    debounce =
        ChangeDebouncer.start(
            new Timing(Duration.ofMillis(30), Duration.ofMillis(300), Duration.ofHours(1)),
            heard::add);
    watcher = FolderWatcher.start(root, new IgnoreRules(root), debounce);
  }

  @AfterEach
  void close() {
    watcher.close();
    debounce.close();
  }

  @Test
  void aChangedFileIsNamed() throws IOException {
    Files.writeString(root.resolve("src/a"), "1");
    awaitPath("src/a");
    heard.clear();

    Files.writeString(root.resolve("src/a"), "2");
    awaitPath("src/a");
    heard.clear();

    Files.delete(root.resolve("src/a"));
    awaitPath("src/a");
  }

  @Test
  void filesInFoldersThatAreNewAreNamed() throws IOException {
    Path made = Files.createDirectories(place.resolve("made/deep"));
    Files.writeString(made.resolve("a"), "1");
    Files.move(place.resolve("made"), root.resolve("made"));
    awaitPath("made/deep/a");
    heard.clear();

    Files.writeString(root.resolve("made/deep/b"), "1");
    awaitPath("made/deep/b");
  }

  @Test
  void aFolderThatGoesAwayMeansToLookAtEverything() throws IOException {
    Files.writeString(root.resolve("src/a"), "1");
    awaitPath("src/a");
    heard.clear();

    Files.move(root.resolve("src"), place.resolve("gone"));

    Await.until(() -> heard.stream().anyMatch(ChangedPaths::everything));
  }

  @Test
  void changedRulesMeanToLookAtEverything() throws IOException {
    Files.writeString(root.resolve("src/.gitignore"), "*.log\n");

    Await.until(() -> heard.stream().anyMatch(ChangedPaths::everything));
  }

  @Test
  void whatIsIgnoredIsNotTold() throws IOException {
    Files.writeString(root.resolve("build/out"), "1");
    Files.createDirectories(root.resolve("build/more"));
    Files.writeString(root.resolve(".a.swp"), "1");
    Files.writeString(root.resolve("src/last"), "1");
    awaitPath("src/last");

    assertThat(heard)
        .allSatisfy(
            changes -> {
              assertThat(changes.everything()).isFalse();
              assertThat(changes.paths()).containsOnly("src/last");
            });
  }

  private void awaitPath(String path) {
    Await.until(() -> heard.stream().anyMatch(changes -> changes.paths().contains(path)));
  }
}
