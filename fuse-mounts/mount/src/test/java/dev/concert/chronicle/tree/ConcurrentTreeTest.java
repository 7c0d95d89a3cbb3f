package dev.concert.chronicle.tree;

import static org.assertj.core.api.Assertions.assertThat;

import dev.concert.chronicle.content.ContentHash;
import dev.concert.chronicle.iteration.Change;
import dev.concert.chronicle.iteration.Iteration;
import dev.concert.chronicle.posix.Errno;
import dev.concert.chronicle.posix.OpenFlags;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.constraints.LongRange;

/** Several threads make, replace, rename, link and remove the same few files. */
class ConcurrentTreeTest {
  private static final int THREADS = 4;
  private static final int STEPS = 150;
  private static final List<String> PATHS = List.of("a", "b", "d/a", "d/b", "e/a");

  /** What a thread has written and closed under a name that is its own. */
  private record Closed(String path, String hash) {}

  @Property(tries = 8, shrinking = ShrinkingMode.OFF)
  void the_history_ends_in_what_is_there_and_has_every_close(
      @ForAll @LongRange(min = 0, max = Long.MAX_VALUE - 100) long seed) throws Exception {
    Path home = Files.createTempDirectory("concurrent");
    Set<Closed> closed = ConcurrentHashMap.newKeySet();
    try (RecordedTree files = new RecordedTree(home);
        ExecutorService threads = Executors.newFixedThreadPool(THREADS)) {
      files.tree.makeDirectory("d", 0755, RecordedTree.ROOT);
      files.tree.makeDirectory("e", 0755, RecordedTree.ROOT);
      List<Future<?>> running =
          IntStream.range(0, THREADS)
              .<Future<?>>mapToObj(
                  thread ->
                      threads.submit(() -> work(files, thread, new Random(seed + thread), closed)))
              .toList();
      for (Future<?> one : running) {
        one.get(3, TimeUnit.MINUTES);
      }
      check(files, closed);
    } finally {
      delete(home);
    }
  }

  private static void work(RecordedTree files, int thread, Random random, Set<Closed> closed) {
    for (int step = 0; step < STEPS; step++) {
      String path = PATHS.get(random.nextInt(PATHS.size()));
      String other = PATHS.get(random.nextInt(PATHS.size()));
      switch (random.nextInt(8)) {
        case 0, 1, 2 -> {
          String own = "own-" + thread;
          byte[] content = content(thread, step, random);
          files.write(own, content);
          closed.add(new Closed(own, ContentHash.of(content)));
          assertThat(files.tree.rename(own, path)).isIn(0, -Errno.ENOENT);
        }
        case 3 -> inPlace(files, path, content(thread, step, random));
        case 4 -> files.tree.unlink(path);
        case 5 -> files.tree.rename(path, other);
        case 6 -> files.tree.rename(random.nextBoolean() ? "d" : "e", "f" + random.nextInt(2));
        default -> {
          files.tree.rename("f" + random.nextInt(2), random.nextBoolean() ? "d" : "e");
          files.tree.changeMode(path, random.nextBoolean() ? 0600 : 0644);
        }
      }
    }
  }

  private static void inPlace(RecordedTree files, String path, byte[] content) {
    long handle = files.tree.open(path, OpenFlags.WRITE_ONLY | OpenFlags.TRUNCATE);
    if (handle > 0) {
      files.write(handle, content, 0);
      files.close(path, handle);
    }
  }

  private static byte[] content(int thread, int step, Random random) {
    int size = random.nextInt(10) == 0 ? 100_000 + random.nextInt(100_000) : random.nextInt(2000);
    return (thread + ":" + step + " " + "x".repeat(size)).getBytes(StandardCharsets.UTF_8);
  }

  private static void check(RecordedTree files, Set<Closed> closed) throws IOException {
    assertThat(files.recorder.drain(java.time.Duration.ofMinutes(2))).isTrue();
    Map<String, String> live =
        files.journal.history().liveBelow("").entrySet().stream()
            .collect(Collectors.toMap(Map.Entry::getKey, one -> one.getValue().hash()));
    assertThat(live).isEqualTo(there(files.home.resolve("tree")));

    List<Iteration> all = files.journal.history().since(0, Integer.MAX_VALUE);
    assertThat(all)
        .extracting(Iteration::sequence)
        .containsExactlyElementsOf(LongStream.rangeClosed(1, all.size()).boxed().toList());
    assertThat(files.heard).isEqualTo(all);
    for (Iteration one : all) {
      if (one.change() != Change.DELETED) {
        // Checks the hash too.
        assertThat(files.store.read(one.hash())).isPresent();
      }
    }
    Set<Closed> recorded =
        all.stream().map(one -> new Closed(one.path(), one.hash())).collect(Collectors.toSet());
    assertThat(recorded).containsAll(closed);
    assertThat(files.home.resolve("orphans")).isEmptyDirectory();
  }

  private static Map<String, String> there(Path root) throws IOException {
    try (var all = Files.walk(root)) {
      return all.filter(Files::isRegularFile)
          .collect(
              Collectors.toMap(file -> root.relativize(file).toString(), ConcurrentTreeTest::hash));
    }
  }

  private static String hash(Path file) {
    try {
      return ContentHash.of(Files.readAllBytes(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void delete(Path home) throws IOException {
    try (var all = Files.walk(home)) {
      for (Path one : all.sorted(java.util.Comparator.reverseOrder()).toList()) {
        Files.delete(one);
      }
    }
  }
}
