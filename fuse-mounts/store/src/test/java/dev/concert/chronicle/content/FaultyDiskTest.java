package dev.concert.chronicle.content;

import static org.assertj.core.api.Assertions.assertThat;

import dev.concert.chronicle.content.FaultyDisk.Fault;
import dev.concert.chronicle.content.blob.BlobFolder;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Each step of keeping contents fails once, with and without a power failure after it. */
class FaultyDiskTest {
  @TempDir Path home;

  private static byte[] bytes(int seed, int size) {
    byte[] bytes = new byte[size];
    new Random(seed).nextBytes(bytes);
    return bytes;
  }

  /** Puts some small contents and a large one, and syncs after each; many steps. */
  private static Map<String, byte[]> fill(ContentStore store, boolean syncs, int tries) {
    Map<String, byte[]> answered = new HashMap<>();
    for (int i = 0; i < 3; i++) {
      byte[] content = i == 2 ? bytes(i, 1_100_000) : bytes(i, 500 + i);
      if (put(store, content, syncs) || tries > 1 && put(store, content, syncs)) {
        answered.put(ContentHash.of(content), content);
      }
    }
    return answered;
  }

  private static boolean put(ContentStore store, byte[] content, boolean syncs) {
    try {
      store.put(Content.of(content));
      if (syncs) {
        store.sync();
      }
      return true;
    } catch (StoreException failed) {
      assertThat(failed).hasRootCauseInstanceOf(IOException.class);
      return false;
    }
  }

  @ParameterizedTest
  @EnumSource
  void whatWasAnsweredIsThereAndWhatWasNotIsWholeOrMissing(Fault fault) throws IOException {
    for (int at = 0, steps = 1; at < steps; at++) {
      Path folder = home.resolve("f" + at);
      FaultyDisk disk = new FaultyDisk(at, fault);
      ContentStore store = ContentStore.over(BlobFolder.open(folder, disk), Tier.NONE);

      Map<String, byte[]> answered = fill(store, false, 1);

      // Of another process: what this one knows is not asked.
      ContentStore later = ContentStore.open(folder);
      answered.forEach((hash, content) -> assertThat(later.read(hash)).hasValue(content));
      assertNoLie(later, Set.of());
      assertThat(fill(later, false, 1)).hasSize(3);
      steps = disk.steps();
      assertThat(steps).isGreaterThan(8);
    }
  }

  @ParameterizedTest
  @EnumSource
  void whatWasSyncedSurvivesAPowerFailureAndNothingElseLies(Fault fault) throws IOException {
    for (int at = 0, steps = 1; at < steps; at++) {
      Path folder = home.resolve("p" + at);
      FaultyDisk disk = new FaultyDisk(at, fault);
      ContentStore store = ContentStore.over(BlobFolder.open(folder, disk), Tier.NONE);
      Map<String, byte[]> synced = fill(store, true, 2);
      assertThat(synced).hasSize(3);
      put(store, bytes(9, 2_000), false);

      disk.losePower();

      ContentStore later = ContentStore.open(folder);
      synced.forEach((hash, content) -> assertThat(later.read(hash)).hasValue(content));
      assertNoLie(later, synced.keySet());
      // What was lost is mended by whoever has it.
      Map<String, byte[]> again = fill(later, true, 1);
      assertThat(again).hasSize(3);
      again.forEach((hash, content) -> assertThat(later.read(hash)).hasValue(content));
      steps = disk.steps();
      assertThat(steps).isGreaterThan(15);
    }
  }

  @ParameterizedTest
  @EnumSource
  void aSyncThatFailedIsDoneByTheNextOne(Fault fault) throws IOException {
    for (int at = 0, steps = 1; at < steps; at++) {
      Path folder = home.resolve("s" + at);
      FaultyDisk disk = new FaultyDisk(at, fault);
      ContentStore store = ContentStore.over(BlobFolder.open(folder, disk), Tier.NONE);
      Map<String, byte[]> answered = fill(store, false, 2);
      try {
        store.sync();
      } catch (StoreException once) {
        assertThat(once).hasRootCauseInstanceOf(IOException.class);
      }
      store.sync();

      disk.losePower();

      ContentStore later = ContentStore.open(folder);
      answered.forEach((hash, content) -> assertThat(later.read(hash)).hasValue(content));
      steps = disk.steps();
    }
  }

  /** A content is the right one, or missing, or known to be damaged. */
  private static void assertNoLie(ContentStore store, Set<String> there) {
    for (int i = 0; i < 3; i++) {
      byte[] content = i == 2 ? bytes(i, 1_100_000) : bytes(i, 500 + i);
      String hash = ContentHash.of(content);
      try {
        store.read(hash).ifPresent(read -> assertThat(read).isEqualTo(content));
      } catch (StoreException damaged) {
        assertThat(there).doesNotContain(hash);
      }
    }
  }
}
