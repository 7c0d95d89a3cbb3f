package dev.concert.chronicle.gc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.concert.chronicle.content.Blob;
import dev.concert.chronicle.content.Content;
import dev.concert.chronicle.content.ContentStore;
import dev.concert.chronicle.iteration.Entry;
import dev.concert.chronicle.iteration.Kind;
import dev.concert.chronicle.iteration.Signature;
import dev.concert.chronicle.journal.Journal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ContentSweeperTest {
  private static final Duration GRACE = Duration.ofHours(1);

  @TempDir Path folder;
  private Path cas;
  private ContentStore store;

  @BeforeEach
  void open() {
    cas = folder.resolve("cas");
    store = ContentStore.open(cas);
  }

  private static byte[] random(long seed, int size) {
    byte[] bytes = new byte[size];
    new Random(seed).nextBytes(bytes);
    return bytes;
  }

  private Blob put(long seed, int size) {
    return store.put(Content.of(random(seed, size)));
  }

  /** As seen two hours later, when everything that is there now is older than the grace period. */
  private ContentSweeper later(GcRoots... roots) throws IOException {
    Instant then = Instant.now().plus(Duration.ofHours(2));
    return new ContentSweeper(cas, List.of(roots), GRACE, InstantSource.fixed(then));
  }

  private long blobs() throws IOException {
    try (Stream<Path> files = Files.walk(cas)) {
      return files.filter(file -> file.getFileName().toString().length() == 64).count();
    }
  }

  @Test
  void what_a_journal_names_stays_with_its_chunks_and_the_rest_goes() throws IOException {
    WorkspaceRoots roots = new WorkspaceRoots(folder.resolve("instances"));
    Path journal = folder.resolve("instances/w/chronicle/metadata/chronicle.db");
    Blob large = put(1, 4_000_000);
    Blob small = put(2, 100);
    Blob old = put(3, 100);
    try (Journal entered = Journal.open(journal, InstantSource.system(), iterations -> {})) {
      for (Blob blob : List.of(old, small)) {
        entered.enter(
            new Entry.Written("a", Kind.FILE, 0644, blob, new Signature(1, blob.size(), 1)));
      }
      entered.enter(new Entry.Written("b", Kind.FILE, 0644, large, new Signature(1, 1, 2)));
      entered.enter(new Entry.Removed("b"));
    }
    Blob garbage = put(4, 5_000_000);
    long before = blobs();
    ContentSweeper.Result result = later(roots).run().orElseThrow();

    assertThat(result.removed()).isGreaterThan(5);
    assertThat(result.freed()).isGreaterThan(5_000_000);
    assertThat(blobs()).isEqualTo(before - result.removed()).isEqualTo(result.kept());
    assertThat(store.read(large.hash())).hasValue(random(1, 4_000_000));
    assertThat(store.read(small.hash())).isPresent();
    assertThat(store.read(old.hash())).isPresent();
    assertThat(store.read(garbage.hash())).isEmpty();
    assertThat(later(roots).run().orElseThrow().removed()).isZero();
  }

  @Test
  void theZerosOfASparseContentAreOneBlobThatStaysWithIt() throws IOException {
    long size = 1L << 40;
    Blob sparse =
        store.put(
            new Content() {
              @Override
              public int read(byte[] into, long position) {
                Arrays.fill(into, (byte) 0);
                return Math.clamp(size - position, 0, into.length);
              }

              @Override
              public long zerosUntil(long position) {
                return size;
              }
            });
    put(5, 2_000_000);

    assertThat(later(taker -> taker.accept(sparse)).run().orElseThrow().kept()).isEqualTo(2);
    assertThat(store.check(sparse.hash())).hasValue(size);
    assertThat(later().run().orElseThrow().removed()).isEqualTo(2);
  }

  @Test
  void what_was_put_within_the_grace_period_stays_though_nothing_names_it() throws IOException {
    Blob fresh = put(1, 3_000_000);
    ContentSweeper now = new ContentSweeper(cas, List.of(), GRACE, InstantSource.system());
    assertThat(now.run().orElseThrow().removed()).isZero();
    assertThat(store.read(fresh.hash())).isPresent();
  }

  @Test
  void what_was_put_again_is_as_young_as_what_is_new() throws IOException {
    Blob blob = put(1, 100);
    Files.setLastModifiedTime(
        cas.resolve(blob.hash().substring(0, 2)).resolve(blob.hash()),
        java.nio.file.attribute.FileTime.fromMillis(0));
    put(1, 100);
    new ContentSweeper(cas, List.of(), GRACE, InstantSource.system()).run();
    assertThat(store.read(blob.hash())).isPresent();
  }

  @Test
  void roots_that_cannot_say_what_they_need_keep_everything() throws IOException {
    Blob blob = put(1, 100);
    Path journal = folder.resolve("instances/w/chronicle/metadata/chronicle.db");
    Files.createDirectories(journal.getParent());
    Files.writeString(journal, "this is no database, but something that had one");
    assertThatThrownBy(() -> later(new WorkspaceRoots(folder.resolve("instances"))).run())
        .hasMessageContaining("chronicle.db");
    assertThat(store.read(blob.hash())).isPresent();
  }

  @Test
  void a_collection_that_was_killed_goes_on_and_forgets_nothing() throws IOException {
    List<Blob> needed = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      needed.add(put(i, 100));
      put(1000 + i, 100);
    }
    GcRoots roots = taker -> needed.forEach(taker);
    // As a kill leaves it: all is marked, a part is swept, one content is between the folders.
    try (MarkSet marks = MarkSet.open(cas)) {
      roots.each(blob -> marks.add(blob.hash()));
      marks.complete(Instant.now().plus(GRACE));
      marks.progress(new MarkSet.Sweep(Instant.now().plus(GRACE), "7f"));
    }
    Blob between = needed.getFirst();
    Files.createDirectories(cas.resolve("trash"));
    Files.move(
        cas.resolve(between.hash().substring(0, 2)).resolve(between.hash()),
        cas.resolve("trash").resolve(between.hash()));
    assertThat(store.read(between.hash())).isPresent();

    assertThat(later(roots).run().orElseThrow().removed()).isBetween(10L, 40L);
    later(roots).run();
    assertThat(blobs()).isEqualTo(50);
    needed.forEach(blob -> assertThat(store.read(blob.hash())).isPresent());
  }

  @Test
  void only_one_collects_at_a_time() throws IOException {
    put(1, 100);
    ContentSweeper other = later();
    ContentSweeper first =
        later(
            taker -> {
              assertThat(other.run()).isEmpty();
            });
    assertThat(first.run()).isPresent();
  }

  @Test
  void what_a_put_has_answered_for_is_there_however_collections_and_puts_meet() throws Exception {
    AtomicBoolean stop = new AtomicBoolean();
    Duration grace = Duration.ofMillis(20);
    try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
      List<Future<Integer>> writers = new ArrayList<>();
      for (int thread = 0; thread < 3; thread++) {
        int seed = thread;
        writers.add(
            threads.submit(
                () -> {
                  Random random = new Random(seed);
                  int checked = 0;
                  while (!stop.get()) {
                    // Few contents, so that the one that is put is often being collected.
                    byte[] bytes = random(random.nextInt(300), 200);
                    long start = System.nanoTime();
                    boolean there = store.read(store.put(Content.of(bytes)).hash()).isPresent();
                    // A file's time is up to one tick of the kernel older than the clock's.
                    if (System.nanoTime() - start < grace.toNanos() / 2) {
                      assertThat(there).isTrue();
                      checked++;
                    }
                  }
                  return checked;
                }));
      }
      long removed = 0;
      for (int round = 0; round < 10; round++) {
        // Without journals everything is garbage once the grace period is over.
        removed +=
            new ContentSweeper(cas, List.of(), grace, InstantSource.system())
                .run()
                .orElseThrow()
                .removed();
      }
      stop.set(true);
      for (Future<Integer> writer : writers) {
        assertThat(writer.get()).isPositive();
      }
      assertThat(removed).isPositive();
    }
  }
}
