package dev.concert.chronicle.workspace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the pjdfstest suite is about is answered as the disk answers; see docs/posix.md. */
@RequiresFuse
class PosixTest {
  @TempDir Path home;

  @Test
  void a_mount_answers_as_a_plain_disk_does_but_for_the_listed_exceptions()
      throws IOException, URISyntaxException {
    assumeTrue("root".equals(System.getProperty("user.name")), "becomes other users");
    Path oracle = Files.createDirectory(home.resolve("oracle"));
    Path script = Path.of(getClass().getResource("/posix_cases").toURI());
    try (Chronicle chronicle = Chronicle.fuse(home.resolve("chronicle"))) {
      String said =
          new Shell(chronicle.mount("w"))
              .run("python3 -B %s . %s 2>&1 || true".formatted(script, oracle));
      assertThat(said).matches("\\d+ cases");
    }
  }
}
