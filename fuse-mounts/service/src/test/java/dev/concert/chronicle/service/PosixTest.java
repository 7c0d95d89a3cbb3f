package dev.concert.chronicle.service;

import static org.assertj.core.api.Assertions.assertThat;

import dev.concert.chronicle.workspace.ChronicleOptions;
import dev.concert.testing.RequiresFuse;
import dev.concert.testing.RequiresRoot;
import dev.concert.testing.Shell;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** What the pjdfstest suite is about is answered as the disk answers; see docs/posix.md. */
@RequiresFuse
@ParameterizedClass(name = "{0}")
@EnumSource(names = {"KERNEL", "JNR_FUSE"})
class PosixTest {
  @Parameter ChronicleOptions.Binding binding;
  @TempDir Path home;

  @Test
  @RequiresRoot("becomes other users")
  void a_mount_answers_as_a_plain_disk_does_but_for_the_listed_exceptions()
      throws IOException, URISyntaxException {
    Path oracle = Files.createDirectory(home.resolve("oracle"));
    Path script = Path.of(getClass().getResource("/posix_cases").toURI());
    try (Chronicle chronicle = Chronicle.fuse(home.resolve("chronicle"), binding)) {
      String said =
          new Shell(chronicle.mount("w"))
              .run("python3 -B %s . %s %s 2>&1 || true".formatted(script, oracle, binding.word()));
      assertThat(said).matches("\\d+ cases");
    }
  }
}
