package dev.concert.chronicle.localsync;

import static org.assertj.core.api.Assertions.assertThat;

import dev.concert.chronicle.localsync.folder.IgnoreRules;
import dev.concert.testing.Await;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code kill -9} while files go both ways. */
class KilledSyncTest {
  private static final int KILLS = Integer.getInteger("concert.sync.kills", 3);
  private static final long SEED = Long.getLong("concert.sync.seed", 7);

  @TempDir private Path place;

  @Test
  void aSyncThatIsKilledGoesOnWhereItWas() throws Exception {
    Random random = new Random(SEED);
    Map<String, String> expected = new HashMap<>();
    try (SyncStage stage = new SyncStage(place)) {
      for (int kill = 0; kill < KILLS; kill++) {
        Process process = KilledSync.start(stage.folder, stage.state, stage.socket);
        for (int i = 0; i < 150; i++) {
          expected.put("here/" + kill + "/" + i, "here " + kill + " " + i);
          expected.put("there/" + i, "there " + kill + " " + i);
          stage.write("here/" + kill + "/" + i, "here " + kill + " " + i);
          stage.workspace.writes("there/" + i, "there " + kill + " " + i);
        }
        int enough = random.nextInt(1, 290);
        int before = kill * 150;
        Await.until(() -> stage.workspace.count("here") - before >= Math.min(enough, 140));
        process.destroyForcibly().waitFor();
      }
      stage.write("there/.concert-tmp-0123456789abcdef", "half of a fi");
      stage.start(ConflictPolicy.KEEP_LOCAL, true).settle();

      assertThat(stage.local()).isEqualTo(expected);
      assertThat(stage.upstream()).isEqualTo(expected);
      assertThat(leftovers(stage)).isEmpty();
    }
  }

  /** Temporary files that a killed one left. */
  private static java.util.List<Path> leftovers(SyncStage stage) throws IOException {
    try (var files = java.nio.file.Files.walk(stage.folder)) {
      return files
          .filter(file -> file.getFileName().toString().startsWith(IgnoreRules.TEMPORARY))
          .toList();
    }
  }
}
