package dev.concert.chronicle.replication;

import static org.assertj.core.api.Assertions.assertThat;

import dev.concert.chronicle.iteration.Kind;
import dev.concert.chronicle.replication.Stage.Site;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/** Says how long copies take; asked for by {@code -Dconcert.replication.speed=true}. */
@EnabledIfSystemProperty(named = "concert.replication.speed", matches = "true")
class ReplicationSpeedTest {
  private static final int FILES = 5000;

  @TempDir Path folder;
  private final Random random = new Random(3);

  @Test
  void copies() throws Exception {
    try (Stage stage = new Stage(folder)) {
      fill(stage, "small/", 1000);
      report("first copy of %d files of 1,000 bytes".formatted(FILES), stage.site("a"), stage);
      fill(stage, "medium/", 8000);
      report("%d files of 8,000 bytes more, by resync".formatted(FILES), stage.site("b"), stage);
      byte[] large = new byte[50_000_000];
      random.nextBytes(large);
      Site site = stage.site("c");
      report("all of these", site, stage);
      stage.workspace.writes("large", Kind.FILE, 0644, large);
      report("one file of 50 MB down", site, stage);
      random.nextBytes(large);
      site.files.writes("up", Kind.FILE, 0644, large);
      site.replica.rescan();
      report("one file of 50 MB up", site, stage);
      for (int i = 0; i < 2000; i++) {
        site.files.writes("back/" + i, "written " + i);
      }
      site.replica.rescan();
      report("2,000 small files up", site, stage);
    }
  }

  private void fill(Stage stage, String prefix, int size) {
    byte[] content = new byte[size];
    for (int i = 0; i < FILES; i++) {
      random.nextBytes(content);
      stage.workspace.writes(prefix + i, Kind.FILE, 0644, content.clone());
    }
  }

  private static void report(String what, Site site, Stage stage) throws Exception {
    long start = System.nanoTime();
    site.replica.settle().get(5, TimeUnit.MINUTES);
    System.out.printf("SPEED %s: %d ms%n", what, (System.nanoTime() - start) / 1_000_000);
    assertThat(site.files.files()).hasSameSizeAs(stage.workspace.snapshot().live());
  }
}
