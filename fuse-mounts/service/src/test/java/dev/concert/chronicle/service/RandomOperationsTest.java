package dev.concert.chronicle.service;

import static org.assertj.core.api.Assertions.assertThat;

import dev.concert.chronicle.workspace.ChronicleOptions;
import dev.concert.testing.RequiresFuse;
import dev.concert.testing.Shell;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Whatever processes do below a mount gives the answers, and leaves the files, that a plain folder
 * gives, and the history says of any moment what was there: a million operations by {@code
 * -Dconcert.operations=1000000}, others by {@code -Dconcert.seed=N}.
 */
@RequiresFuse
class RandomOperationsTest {
  private static final int OPERATIONS = Integer.getInteger("concert.operations", 4_000);
  private static final int SEED = Integer.getInteger("concert.seed", 1);
  private static final int GROUPS = 2;

  @TempDir Path home;

  @Test
  void random_operations_of_several_processes_do_what_they_do_on_a_plain_disk()
      throws IOException, URISyntaxException {
    Path script = script("/random_operations");
    Path oracle = Files.createDirectory(home.resolve("oracle"));
    try (Chronicle chronicle = Chronicle.fuse(home.resolve("chronicle"))) {
      String said =
          new Shell(chronicle.mount("w"))
              .run(
                  "PYTHONHASHSEED=0 python3 -B %s . %s %d %d %d %s 2>&1 || true"
                      .formatted(script, oracle, SEED, OPERATIONS, GROUPS, history()));
      assertThat(said).isEqualTo("%d operations, 0 of %d failed", OPERATIONS, GROUPS);
    }
  }

  @Test
  void processes_that_share_files_under_a_lock_lose_no_update()
      throws IOException, URISyntaxException {
    try (Chronicle chronicle = Chronicle.fuse(home.resolve("chronicle"))) {
      String said =
          new Shell(chronicle.mount("w"))
              .run("python3 -B %s . 4 3 100 2>&1 || true".formatted(script("/shared_counters.py")));
      assertThat(said).isEqualTo("3 rounds of 4 processes lost nothing");
    }
  }

  /** Over libfuse 2 a name is gone for a moment when its open file is replaced. */
  private static String history() {
    return TestBinding.chosen() == ChronicleOptions.Binding.KERNEL ? "history" : "";
  }

  private Path script(String name) throws URISyntaxException {
    return Path.of(getClass().getResource(name).toURI());
  }
}
