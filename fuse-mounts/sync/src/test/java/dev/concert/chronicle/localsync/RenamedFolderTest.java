package dev.concert.chronicle.localsync;

import static org.assertj.core.api.Assertions.assertThat;

import dev.concert.testing.Await;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Most files get another name at once: that is no mass deletion. */
class RenamedFolderTest {
  private static final int FILES = 30;

  @TempDir private Path place;
  private SyncStage stage;

  @BeforeEach
  void open() throws IOException {
    stage = new SyncStage(place);
    for (int i = 0; i < FILES; i++) {
      stage.write("src/f" + i, "text " + i);
    }
    stage.write("README", "read me");
    stage.start(ConflictPolicy.ASK).settle();
  }

  @AfterEach
  void close() {
    stage.close();
  }

  @Test
  void aRenameOfTheMainFolderIsARename() throws IOException {
    Files.move(stage.folder.resolve("src"), stage.folder.resolve("app"));

    Await.until(() -> stage.upstream().keySet().equals(renamed("app")));
    assertThat(stage.notes.halted).isEmpty();
  }

  /** Ten thousand with {@code -Dconcert.sync.renamed=10000}: two minutes. */
  @Test
  void soItIsWithThousandsOfFiles() throws IOException {
    int files = Integer.getInteger("concert.sync.renamed", 1_500);
    stage.stop();
    for (int i = 0; i < files; i++) {
      stage.write("many/f" + i, "text " + i % 50);
      stage.workspace.writes("many/f" + i, "text " + i % 50);
    }
    stage.start(ConflictPolicy.ASK).settle();
    stage.down(true);
    Files.move(stage.folder.resolve("many"), stage.folder.resolve("moved"));

    // Only noticed: to send them all takes longer than a test may.
    Await.until(() -> stage.sync.status().join().waiting() == 2 * files);
    assertThat(stage.notes.halted).isEmpty();
  }

  @Test
  void soItIsWhileNoSyncRuns() throws IOException {
    stage.stop();
    Files.move(stage.folder.resolve("src"), stage.folder.resolve("app"));
    stage.start(ConflictPolicy.ASK).settle();

    assertThat(stage.upstream().keySet()).isEqualTo(renamed("app"));
    assertThat(stage.notes.halted).isEmpty();
  }

  @Test
  void aRenamedFolderInWhichFilesWereEditedIsOneToo() throws IOException {
    stage.stop();
    Files.move(stage.folder.resolve("src"), stage.folder.resolve("app"));
    for (int i = 0; i < 5; i++) {
      stage.write("app/f" + i, "edited " + i);
    }
    stage.start(ConflictPolicy.ASK).settle();

    assertThat(stage.upstream().keySet()).isEqualTo(renamed("app"));
  }

  @Test
  void filesThatAreGoneStillCountWhereOnlySomeOfThemReappear() throws IOException {
    stage.stop();
    Files.move(stage.folder.resolve("src/f1"), stage.folder.resolve("f1"));
    Files.move(stage.folder.resolve("src"), place.resolve("away"));
    stage.start(ConflictPolicy.ASK);

    Await.until(() -> !stage.notes.halted.isEmpty());
    assertThat(stage.notes.halted.getFirst()).contains("29 of 31 files are missing");
    assertThat(stage.upstream()).hasSize(FILES + 1);
  }

  private static Set<String> renamed(String folder) {
    Set<String> names =
        IntStream.range(0, FILES).mapToObj(i -> folder + "/f" + i).collect(Collectors.toSet());
    names.add("README");
    return names;
  }
}
