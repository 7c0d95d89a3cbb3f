package dev.concert.chronicle.workspace;

import static org.assertj.core.api.Assertions.assertThat;

import dev.concert.chronicle.content.ContentStore;
import dev.concert.chronicle.recording.RecordingWorkers;
import dev.concert.chronicle.versioning.VersioningPolicy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WorkspaceTest {
  @TempDir Path home;

  /** In a folder that is only watched a look at everything takes as long as the folder is large. */
  @Test
  void aChangeOfOnePathLooksAtNoOtherOne() throws IOException {
    WorkspaceFolder folder = WorkspaceFolder.of(home, "w");
    folder.make();
    AtomicInteger looks = new AtomicInteger();
    try (RecordingWorkers workers = new RecordingWorkers();
        Workspace workspace =
            Workspace.open(
                folder,
                ContentStore.open(home.resolve("cas")),
                VersioningPolicy.USUAL,
                workers,
                entered -> {})) {
      workspace.beforeReads(looks::incrementAndGet);
      Files.writeString(folder.tree().resolve("a"), "1");
      Files.writeString(folder.tree().resolve("b"), "1");

      workspace.reconcile("a");

      assertThat(looks.get()).isZero();
      assertThat(workspace.journal().history().paths()).containsExactly("a");
      assertThat(looks.get()).isOne();
    }
  }
}
