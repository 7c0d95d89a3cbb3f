package dev.concert.chronicle.content.chunk;

import static org.assertj.core.api.Assertions.assertThat;

import dev.concert.chronicle.content.ContentHash;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class ChunkerPropertyTest {
  private static final int SIZE = 6 * 1024 * 1024;

  private static byte[] random(long seed, int size) {
    byte[] bytes = new byte[size];
    new Random(seed).nextBytes(bytes);
    return bytes;
  }

  private static List<byte[]> cut(byte[] bytes) {
    List<byte[]> chunks = new ArrayList<>();
    for (int at = 0; at < bytes.length; ) {
      byte[] rest = Arrays.copyOfRange(bytes, at, Math.min(bytes.length, at + Chunker.MAX));
      int length = Chunker.cut(rest, rest.length);
      chunks.add(Arrays.copyOf(rest, length));
      at += length;
    }
    return chunks;
  }

  /** Bytes of those chunks that are not among the others. */
  private static long fresh(List<byte[]> known, List<byte[]> chunks) {
    Set<String> hashes = new HashSet<>();
    known.forEach(chunk -> hashes.add(ContentHash.of(chunk)));
    return chunks.stream()
        .filter(chunk -> !hashes.contains(ContentHash.of(chunk)))
        .mapToLong(chunk -> chunk.length)
        .sum();
  }

  @Property(tries = 5)
  void chunks_have_the_promised_sizes_and_give_the_content(@ForAll long seed) {
    byte[] bytes = random(seed, SIZE);
    List<byte[]> chunks = cut(bytes);
    int at = 0;
    for (int i = 0; i < chunks.size(); i++) {
      byte[] chunk = chunks.get(i);
      assertThat(chunk.length).isLessThanOrEqualTo(Chunker.MAX);
      if (i < chunks.size() - 1) {
        assertThat(chunk.length).isGreaterThan(Chunker.MIN);
      }
      assertThat(Arrays.equals(chunk, 0, chunk.length, bytes, at, at + chunk.length)).isTrue();
      at += chunk.length;
    }
    assertThat(at).isEqualTo(bytes.length);
    assertThat(chunks.size()).isBetween(SIZE / Chunker.AVERAGE / 3, SIZE / Chunker.AVERAGE * 3);
  }

  private enum Edit {
    INSERT,
    DELETE,
    OVERWRITE
  }

  @Property(tries = 15)
  void a_small_change_makes_few_new_bytes(
      @ForAll Edit edit,
      @ForAll @IntRange(max = SIZE) int place,
      @ForAll @IntRange(min = 1, max = 2000) int length,
      @ForAll @IntRange(max = 50) int seed) {
    byte[] before = random(seed, SIZE);
    byte[] change = random(seed + 1000, length);
    int end = Math.min(SIZE, place + length);
    byte[] tail = Arrays.copyOfRange(before, edit == Edit.INSERT ? place : end, before.length);
    byte[] middle = edit == Edit.DELETE ? new byte[0] : change;
    byte[] after = Arrays.copyOf(before, place + middle.length + tail.length);
    System.arraycopy(middle, 0, after, place, middle.length);
    System.arraycopy(tail, 0, after, place + middle.length, tail.length);

    // The chunk with the change, and as many as it takes until a cut falls where one fell before.
    assertThat(fresh(cut(before), cut(after))).isLessThan(4L * Chunker.MAX / 2);
  }

  @Property(tries = 1)
  void cuts_fall_where_they_fell_in_earlier_versions() {
    // Other cuts would store every large content again.
    assertThat(cut(random(1, SIZE)).stream().map(chunk -> chunk.length))
        .startsWith(283080, 234398, 501729, 262989, 269708, 365277, 270482, 163919);
  }

  @Property(tries = 1)
  void no_cut_falls_within_zeros() {
    // A hole is cut without reading it.
    assertThat(Chunker.cut(new byte[Chunker.MAX + 1], Chunker.MAX + 1)).isEqualTo(Chunker.MAX);
  }

  @Property(tries = 20)
  void a_manifest_is_read_as_it_was_written(@ForAll @IntRange(max = 300) int count) {
    List<Chunk> chunks = new ArrayList<>();
    long offset = 0;
    for (int i = 0; i < count; i++) {
      long repeated = i % 3 == 0 ? 1 + (1L << i % 40) : 1;
      chunks.add(new Chunk(ContentHash.of(new byte[] {(byte) i}), offset, i + 1, repeated));
      offset += (i + 1) * repeated;
    }
    ChunkManifest manifest = new ChunkManifest(offset, chunks);
    assertThat(ChunkManifest.decode(manifest.encode())).hasValue(manifest);
    for (Chunk chunk : chunks) {
      assertThat(chunks.get(manifest.chunkAt(chunk.end() - 1))).isEqualTo(chunk);
    }
  }
}
