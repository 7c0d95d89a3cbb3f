package dev.concert.chronicle.service;

import static org.assertj.core.api.Assertions.assertThat;

import dev.concert.testing.RequiresFuse;
import dev.concert.testing.Shell;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A folder with a hundred thousand entries. They are pipes, of which no iterations are made. */
@RequiresFuse
class LargeDirectoryTest {
  private static final int ENTRIES = 100_000;

  /** Many times what it takes, also where other builds run. */
  private static final Duration BOUND = Duration.ofMinutes(2);

  @TempDir Path home;

  @Test
  void aHundredThousandEntriesAreListedAndLookedAtInTime() throws IOException {
    Path big = Files.createDirectories(home.resolve("instances/w/chronicle/tree/big"));
    new Shell(big).run(python("[os.mkfifo('entry-%06d' % i) for i in range(" + ENTRIES + ")]"));
    try (Chronicle chronicle = Chronicle.fuse(home)) {
      Shell shell = new Shell(chronicle.mount("w").resolve("big"));

      long begin = System.nanoTime();
      String said =
          shell.run(
              python(
                  "names = os.listdir('.')",
                  "print(len(names), len(set(names)))",
                  "print(sum(stat.S_ISFIFO(os.lstat(name).st_mode) for name in names))"));

      assertThat(said).isEqualTo("%1$d %1$d\n%1$d".formatted(ENTRIES));
      assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(BOUND);
    }
  }

  @Test
  void whatIsNeitherMadeNorRemovedWhileAFolderIsReadIsListedOnce() throws IOException {
    Path big = Files.createDirectories(home.resolve("instances/w/chronicle/tree/big"));
    new Shell(big).run(python("[os.mkfifo('stays-%d' % i) for i in range(5000)]"));
    new Shell(big).run(python("[os.mkfifo('goes-%d' % i) for i in range(5000)]"));
    try (Chronicle chronicle = Chronicle.fuse(home)) {
      String said =
          new Shell(chronicle.mount("w").resolve("big"))
              .run(
                  python(
                      "seen = []",
                      "for number, entry in enumerate(os.scandir('.')):",
                      "    seen.append(entry.name)",
                      "    if number < 5000:",
                      "        os.unlink('goes-%d' % number)",
                      "        os.mkfifo('new-%d' % number)",
                      "stayed = [name for name in seen if name.startswith('stays')]",
                      "print(len(stayed), len(set(stayed)), len(os.listdir('.')))"));

      assertThat(said).isEqualTo("5000 5000 10000");
    }
  }

  private static String python(String... lines) {
    return "python3 -Iu <<'END'\nimport os, stat\n" + String.join("\n", lines) + "\nEND";
  }
}
