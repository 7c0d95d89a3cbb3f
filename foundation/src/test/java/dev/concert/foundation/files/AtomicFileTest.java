package dev.concert.foundation.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.concert.testing.Await;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AtomicFileTest {
  private static final int SIZE = 256 * 1024;

  @TempDir Path folder;

  /** Replaces a file for ever, each time with one repeated byte. */
  static final class Replacer {
    public static void main(String[] arguments) throws Exception {
      for (int round = 0; ; round++) {
        byte[] content = new byte[SIZE];
        Arrays.fill(content, (byte) round);
        AtomicFile.replace(Path.of(arguments[0]), content);
      }
    }
  }

  @Test
  void aFileIsCreatedAndReplaced() throws Exception {
    Path file = folder.resolve("f");
    AtomicFile.replace(file, "old".getBytes());
    AtomicFile.replace(file, "new".getBytes());
    assertThat(file).hasContent("new");
    AtomicFile.replaceUnsynced(file, out -> out.write("streamed".getBytes()));
    assertThat(file).hasContent("streamed");
    assertThat(names()).containsExactly("f");
  }

  @Test
  void aWriterThatFailsInTheMiddleLeavesTheOldContent() throws Exception {
    Path file = Files.writeString(folder.resolve("f"), "old");
    assertThatThrownBy(
            () ->
                AtomicFile.replaceUnsynced(
                    file,
                    out -> {
                      out.write(new byte[1000]);
                      throw new IOException("source broke");
                    }))
        .hasMessage("source broke");
    assertThat(file).hasContent("old");
    assertThat(names()).containsExactly("f");
  }

  @Test
  void whatAKilledWriterLeftIsOverwritten() throws Exception {
    Files.writeString(folder.resolve("f.next"), "half of a much longer content");
    AtomicFile.replace(folder.resolve("f"), "new".getBytes());
    assertThat(folder.resolve("f")).hasContent("new");
    assertThat(names()).containsExactly("f");
  }

  @Test
  void aKillAtAnyMomentLeavesOneWholeContent() throws Exception {
    Path file = folder.resolve("f");
    for (int kill = 0; kill < 3; kill++) {
      Process replacer = start(file);
      Await.until(() -> Files.exists(file));
      // Some replacements on: the moment within one is left to chance.
      long seen = Files.getLastModifiedTime(file).toMillis();
      Await.until(() -> modified(file) > seen);
      replacer.destroyForcibly().waitFor(3, TimeUnit.MINUTES);
      byte[] content = Files.readAllBytes(file);
      byte[] whole = new byte[SIZE];
      Arrays.fill(whole, content[0]);
      assertThat(content).isEqualTo(whole);
    }
  }

  @Test
  void aFullDiskLeavesTheOldContentAndNoHalfFile() throws Exception {
    Path full = Path.of("/dev/full");
    assumeTrue(Files.exists(full), "there is no /dev/full");
    Path file = Files.writeString(folder.resolve("f"), "old");
    // What is written beside the file lands on a device that has no space.
    Files.createSymbolicLink(folder.resolve("f.next"), full);
    assertThatThrownBy(() -> AtomicFile.replace(file, new byte[100]))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("No space left");
    assertThat(file).hasContent("old");
    assertThat(names()).containsExactly("f");
  }

  @Test
  void aFolderThatIsMissingIsReported() {
    assertThatThrownBy(() -> AtomicFile.replace(folder.resolve("missing/f"), new byte[1]))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("missing");
  }

  private static long modified(Path file) {
    try {
      return Files.getLastModifiedTime(file).toMillis();
    } catch (IOException e) {
      return 0;
    }
  }

  private String[] names() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).sorted().toArray(String[]::new);
    }
  }

  private static Process start(Path file) throws IOException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:TieredStopAtLevel=1",
            "-XX:+UseSerialGC",
            "-cp",
            System.getProperty("java.class.path"),
            Replacer.class.getName(),
            file.toString())
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
        .start();
  }
}
