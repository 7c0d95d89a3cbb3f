package dev.concert.chronicle.content;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Several processes that put into one store at the same time, one of which is killed. */
class SharedStoreTest {
  private static final int COUNT = 200;

  @TempDir Path folder;

  @Test
  void processesThatPutIntoOneStoreDisturbNeitherEachOtherNorAReader() throws Exception {
    Process one = SharedStore.start(folder, 1, COUNT);
    Process other = SharedStore.start(folder, 2, COUNT);
    Process killed = SharedStore.start(folder, 3, Integer.MAX_VALUE);
    ContentStore store = ContentStore.open(folder);
    try {
      try (BufferedReader lines = killed.inputReader()) {
        for (int i = 0; i < COUNT / 2; i++) {
          assertPut(store, 3, i, lines.readLine());
        }
      }
      killed.destroyForcibly().waitFor();
      for (Process process : List.of(one, other)) {
        int seed = process.equals(one) ? 1 : 2;
        try (BufferedReader lines = process.inputReader()) {
          for (int i = 0; i < COUNT; i++) {
            assertPut(store, seed, i, lines.readLine());
          }
        }
        assertThat(process.waitFor()).isZero();
      }
    } finally {
      Stream.of(one, other, killed).forEach(Process::destroyForcibly);
    }
    assertEveryBlobIsWhole();
  }

  private static void assertPut(ContentStore store, int seed, int number, String hash) {
    byte[] content = SharedStore.content(seed, number);
    assertThat(hash).isEqualTo(ContentHash.of(content));
    assertThat(store.read(hash)).hasValue(content);
  }

  private void assertEveryBlobIsWhole() throws IOException {
    ContentStore.open(folder);
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        String name = file.getFileName().toString();
        assertThat(name).as("nothing of the killed process is left").matches("[0-9a-f]{64}");
        assertThat(BlobFormat.read(name, Files.newInputStream(file))).isNotNull();
      }
    }
  }
}
