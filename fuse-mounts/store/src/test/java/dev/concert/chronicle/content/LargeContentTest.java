package dev.concert.chronicle.content;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.luben.zstd.ZstdOutputStream;
import dev.concert.chronicle.content.chunk.ChunkManifest;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LargeContentTest {
  @TempDir Path folder;

  private static byte[] random(int size) {
    byte[] bytes = new byte[size];
    new Random(size).nextBytes(bytes);
    return bytes;
  }

  private static Path place(Path folder, String hash) {
    return folder.resolve(hash.substring(0, 2)).resolve(hash);
  }

  private static long stored(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      return files.filter(Files::isRegularFile).mapToLong(file -> file.toFile().length()).sum();
    }
  }

  private static ChunkManifest manifest(Path folder, String hash) throws IOException {
    BlobFormat form = BlobFormat.read(hash, Files.newInputStream(place(folder, hash)));
    return ((BlobFormat.Chunked) form).manifest();
  }

  @Test
  void a_small_change_in_a_large_file_stores_little() throws IOException {
    ContentStore store = ContentStore.open(folder);
    byte[] bytes = random(12_000_000);
    store.put(Content.of(bytes));
    long before = stored(folder);
    byte[] changed = Arrays.copyOf(bytes, bytes.length + 1);
    System.arraycopy(bytes, 5_000_000, changed, 5_000_001, bytes.length - 5_000_000);
    Blob blob = store.put(Content.of(changed));
    assertThat(stored(folder) - before).isLessThan(2_000_000);
    assertThat(store.read(blob.hash())).hasValue(changed);
    assertThat(blob.hash()).isEqualTo(ContentHash.of(changed));
  }

  @Test
  void a_chunk_and_a_small_content_of_the_same_bytes_are_one() throws IOException {
    ContentStore store = ContentStore.open(folder);
    byte[] bytes = random(4_000_000);
    Blob blob = store.put(Content.of(bytes));
    int first = manifest(folder, blob.hash()).chunks().getFirst().size();
    long before = stored(folder);
    store.put(Content.of(Arrays.copyOf(bytes, first)));
    assertThat(stored(folder)).isEqualTo(before);
  }

  /** One for all tries: each would write and sync the same chunks. */
  private static Path kept;

  @BeforeContainer
  static void put() throws IOException {
    kept = Files.createTempDirectory("store");
    ContentStore.open(kept).put(Content.of(random(3_000_000)));
  }

  @AfterContainer
  static void remove() throws IOException {
    try (Stream<Path> files = Files.walk(kept)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }

  @Property(tries = 30)
  void any_part_of_a_large_content_can_be_read(
      @ForAll @IntRange(max = 3_100_000) int offset, @ForAll @IntRange(max = 1_500_000) int length)
      throws IOException {
    byte[] bytes = random(3_000_000);
    ContentStore store = ContentStore.open(kept);
    String hash = ContentHash.of(bytes);
    int from = Math.min(offset, bytes.length);
    byte[] expected = Arrays.copyOfRange(bytes, from, Math.min(bytes.length, from + length));
    assertThat(store.read(hash, offset, length)).hasValue(expected);
    try (InputStream stream = store.open(hash, offset).orElseThrow()) {
      // AssertJ's endsWith is slow: it compares three million bytes one by one.
      assertThat(stream.readAllBytes()).isEqualTo(Arrays.copyOfRange(bytes, from, bytes.length));
    }
  }

  @Test
  void a_flipped_bit_is_found_and_only_its_own_content_is_lost() throws IOException {
    ContentStore store = ContentStore.open(folder);
    byte[] bytes = random(4_000_000);
    Blob large = store.put(Content.of(bytes));
    Blob small = store.put(Content.of(random(50_000)));
    String chunk = manifest(folder, large.hash()).chunks().get(1).hash();
    for (String hash : List.of(chunk, small.hash())) {
      byte[] file = Files.readAllBytes(place(folder, hash));
      file[file.length / 2] ^= 4;
      Files.write(place(folder, hash), file);
    }
    assertThatThrownBy(() -> store.read(large.hash())).hasMessageContaining(chunk);
    assertThatThrownBy(() -> store.read(small.hash())).hasMessageContaining("is damaged");
    assertThat(store.read(large.hash(), 0, 60_000)).hasValue(Arrays.copyOf(bytes, 60_000));

    // Whoever still has the content mends it by storing it again.
    store.put(Content.of(bytes));
    assertThat(store.read(large.hash())).hasValue(bytes);
  }

  @Test
  void every_flipped_bit_of_a_manifest_is_found() throws IOException {
    ContentStore store = ContentStore.open(folder);
    byte[] bytes = random(1_500_000);
    Blob blob = store.put(Content.of(bytes));
    byte[] good = Files.readAllBytes(place(folder, blob.hash()));
    for (int at = 0; at < good.length; at++) {
      byte[] bad = good.clone();
      bad[at] ^= 1;
      Files.write(place(folder, blob.hash()), bad);
      assertThatThrownBy(() -> store.read(blob.hash()))
          .as("byte %s", at)
          .hasMessageContaining("is damaged");
    }
    Files.write(place(folder, blob.hash()), good);
    assertThat(store.read(blob.hash())).hasValue(bytes);
  }

  @Test
  void large_contents_of_stores_older_than_chunks_stay_readable() throws IOException {
    ContentStore store = ContentStore.open(folder);
    byte[] bytes = random(5_000_000);
    String hash = ContentHash.of(bytes);
    Files.createDirectories(place(folder, hash).getParent());
    try (OutputStream file = Files.newOutputStream(place(folder, hash));
        OutputStream zstd = new ZstdOutputStream(file, 1)) {
      zstd.write(bytes);
    }
    assertThat(store.read(hash)).hasValue(bytes);
    assertThat(store.read(hash, 4_000_000, 10))
        .hasValue(Arrays.copyOfRange(bytes, 4_000_000, 4_000_010));

    byte[] file = Files.readAllBytes(place(folder, hash));
    file[3_000_000] ^= 1;
    Files.write(place(folder, hash), file);
    assertThatThrownBy(() -> store.read(hash)).hasMessageContaining("is damaged");
  }

  @Test
  void a_content_larger_than_the_memory_is_no_trouble() {
    ContentStore store = ContentStore.open(folder);
    // Half of the tests' heap of 1 GiB would show in the time that the collector takes.
    long size = 600L * 1024 * 1024;
    byte[] pattern = random(1_000_003);
    Blob blob =
        store.put(
            (into, position) -> {
              int length = (int) Math.clamp(size - position, 0L, (long) into.length);
              for (int i = 0; i < length; i++) {
                into[i] = pattern[(int) ((position + i) % pattern.length)];
              }
              return length;
            });
    assertThat(blob.size()).isEqualTo(size);
    assertThat(store.read(blob.hash(), size - 1, 5))
        .hasValue(new byte[] {pattern[(int) ((size - 1) % pattern.length)]});
  }

  @Test
  void a_content_whose_reading_fails_leaves_no_trace() throws IOException {
    ContentStore store = ContentStore.open(folder);
    assertThatThrownBy(
            () ->
                store.put(
                    (into, position) -> {
                      if (position > 2_000_000) {
                        throw new IllegalStateException("the disk is gone");
                      }
                      return into.length;
                    }))
        .hasMessage("the disk is gone");
    assertThat(folder.resolve("tmp")).isEmptyDirectory();
    store.put(Content.of(new byte[3_000_000]));
  }
}
