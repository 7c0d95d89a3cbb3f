package dev.concert.chronicle.content;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.concert.chronicle.content.chunk.ChunkManifest;
import dev.concert.chronicle.content.chunk.Chunker;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Contents with holes, and versions that differ little from the one before. */
class SparseContentTest {
  private static final long TERABYTE = 1L << 40;
  private static final int MIB = 1 << 20;

  @TempDir Path folder;

  /** Zeros but for a few bytes; counts what is read of it. */
  private static final class Sparse implements Content {
    private final long size;
    private final long place;
    private final byte[] data;
    private final boolean knowsHoles;
    private long read;

    Sparse(long size, long place, byte[] data, boolean knowsHoles) {
      this.size = size;
      this.place = place;
      this.data = data;
      this.knowsHoles = knowsHoles;
    }

    @Override
    public int read(byte[] into, long position) {
      int length = Math.clamp(size - position, 0, into.length);
      Arrays.fill(into, 0, length, (byte) 0);
      for (int i = 0; i < data.length; i++) {
        long at = place + i - position;
        if (at >= 0 && at < length) {
          into[(int) at] = data[i];
        }
      }
      read += length;
      return length;
    }

    @Override
    public long zerosUntil(long position) {
      if (!knowsHoles || position >= place && position < place + data.length) {
        return position;
      }
      long end = position < place ? Math.min(place, size) : size;
      return Math.max(position, end);
    }
  }

  private static long stored(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      return files.filter(Files::isRegularFile).mapToLong(file -> file.toFile().length()).sum();
    }
  }

  @Test
  void aTerabyteOfZerosIsStoredByWhatIsInItAndReadAnywhere() throws IOException {
    ContentStore store = ContentStore.open(folder);
    byte[] end = "end".getBytes(StandardCharsets.UTF_8);
    Sparse file = new Sparse(TERABYTE, TERABYTE - 3, end, true);

    Blob blob = store.put(file);

    assertThat(blob.size()).isEqualTo(TERABYTE);
    assertThat(file.read).isLessThan(8 * MIB);
    assertThat(stored(folder)).isLessThan(MIB);
    assertThat(store.read(blob.hash(), TERABYTE - 3, 10)).hasValue(end);
    assertThat(store.read(blob.hash(), TERABYTE / 2 + 12345, 10)).hasValue(new byte[10]);
    assertThat(store.check(blob.hash())).hasValue(TERABYTE);
    try (OpenContent content = store.content(blob.hash(), TERABYTE).orElseThrow()) {
      assertThat(content.content().zerosUntil(5)).isEqualTo(TERABYTE - MIB);
      assertThat(content.content().zerosUntil(TERABYTE - 3)).isEqualTo(TERABYTE - 3);
    }
    assertThat(store.put(new Sparse(TERABYTE, TERABYTE - 3, end, true))).isEqualTo(blob);
  }

  @ParameterizedTest
  @CsvSource({"0, 1", "5242880, 1048577", "25165824, 1048577", "1048576, 1048577"})
  void aHoleUpToTheEndIsTheSameContentAsZeros(long place, long size) throws IOException {
    holesAndZerosAreTheSameContent(place, size);
  }

  @Property(tries = 6)
  void holesAndZerosAreTheSameContent(
      @ForAll @LongRange(max = 24L * MIB) long place,
      @ForAll @LongRange(min = 1, max = 24L * MIB) long size)
      throws IOException {
    Path home = Files.createTempDirectory("holes");
    ContentStore store = ContentStore.open(home);
    byte[] data = new byte[Math.clamp(size - place, 0, 3000)];
    new Random(size).nextBytes(data);
    Blob sparse = store.put(new Sparse(size, place, data, true));
    Blob dense = store.put(new Sparse(size, place, data, false));

    assertThat(sparse).isEqualTo(dense);
    assertThat(ContentHash.of(new Sparse(size, place, data, true))).isEqualTo(dense.hash());
    try (InputStream stream = store.open(sparse.hash(), place).orElseThrow()) {
      assertThat(stream.readNBytes(data.length)).isEqualTo(data);
    }
    delete(home);
  }

  @Test
  void theHashOfALargeContentIsNotThatOfAnyOther() {
    ContentStore store = ContentStore.open(folder);
    byte[] plain = random(16 * MIB, 1);
    byte[] large = Arrays.copyOf(plain, plain.length + 1);

    assertThat(store.put(Content.of(plain)).hash()).isEqualTo(ContentHash.of(plain));
    assertThat(store.put(Content.of(large)).hash())
        .isEqualTo(ContentHash.of(Content.of(large)))
        .isNotEqualTo(ContentHash.of(large));
  }

  @Property(tries = 4)
  void aVersionIsTheSameWhetherAllOfItIsReadOrOnlyWhatChanged(@ForAll Random random)
      throws IOException {
    Path place = Files.createTempDirectory("versions");
    ContentStore store = ContentStore.open(place);
    byte[] bytes = random(18 * MIB + random.nextInt(4 * MIB), random.nextLong());
    Arrays.fill(bytes, 2 * MIB, 2 * MIB + random.nextInt(6 * MIB), (byte) 0);
    Blob before = store.put(Content.of(bytes));
    for (int version = 0; version < 3; version++) {
      ChangedRanges changed = new ChangedRanges();
      bytes = change(bytes, changed, random);
      Blob now = store.putChanged(Content.of(bytes), before.hash(), changed, bytes.length);

      assertThat(now.hash()).isEqualTo(ContentHash.of(Content.of(bytes)));
      assertThat(store.read(now.hash())).hasValue(bytes);
      before = now;
    }
    delete(place);
  }

  private static byte[] change(byte[] bytes, ChangedRanges changed, Random random) {
    byte[] now = bytes.clone();
    for (int i = random.nextInt(4); i >= 0; i--) {
      int at = random.nextInt(now.length);
      switch (random.nextInt(4)) {
        case 0 -> {
          changed.add(at, Long.MAX_VALUE);
          now = Arrays.copyOf(now, at);
        }
        case 1 -> {
          int length = random.nextInt(3 * MIB);
          changed.add(now.length, now.length + length);
          byte[] more = random(length, random.nextLong());
          now = Arrays.copyOf(now, now.length + length);
          System.arraycopy(more, 0, now, now.length - length, length);
        }
        default -> {
          int length = Math.min(now.length - at, random.nextInt(200_000));
          byte[] other =
              random.nextBoolean() ? new byte[length] : random(length, random.nextLong());
          System.arraycopy(other, 0, now, at, length);
          changed.add(at, at + length);
        }
      }
      if (now.length == 0) {
        return new byte[1];
      }
    }
    return now;
  }

  @Test
  void whatIsAppendedToALargeContentIsAllThatIsReadOfIt() {
    ContentStore store = ContentStore.open(folder);
    byte[] bytes = random(40 * MIB, 7);
    Blob before = store.put(Content.of(bytes));
    byte[] more = Arrays.copyOf(bytes, bytes.length + 100);
    ChangedRanges changed = new ChangedRanges();
    changed.add(bytes.length, more.length);
    List<Integer> reads = new ArrayList<>();

    Blob after =
        store.putChanged(
            (into, position) -> {
              int length = Content.of(more).read(into, position);
              reads.add(length);
              return length;
            },
            before.hash(),
            changed,
            more.length);

    assertThat(after.hash()).isEqualTo(ContentHash.of(Content.of(more)));
    assertThat(reads.stream().mapToInt(length -> length).sum()).isLessThan(2 * Chunker.MAX);
  }

  @ParameterizedTest
  @ValueSource(strings = {"gone", "empty", "cut", "zeros"})
  void theNextVersionMendsAnUnchangedChunkThatWasLost(String how) throws IOException {
    ContentStore store = ContentStore.open(folder);
    byte[] bytes = random(18 * MIB, 8);
    Blob before = store.put(Content.of(bytes));
    Path chunk = chunkAt(before.hash(), 3 * MIB);
    switch (how) {
      case "gone" -> Files.delete(chunk);
      case "empty" -> Files.write(chunk, new byte[0]);
      case "cut" -> Files.write(chunk, Arrays.copyOf(Files.readAllBytes(chunk), 3));
      default -> Files.write(chunk, new byte[5000]);
    }
    assertThatThrownBy(() -> store.read(before.hash())).isInstanceOf(StoreException.class);
    ChangedRanges changed = new ChangedRanges();
    changed.add(10 * MIB, 10 * MIB + 1);
    bytes[10 * MIB]++;

    Blob after = store.putChanged(Content.of(bytes), before.hash(), changed, bytes.length);

    assertThat(store.read(after.hash())).hasValue(bytes);
    bytes[10 * MIB]--;
    assertThat(store.read(before.hash())).hasValue(bytes);
  }

  private Path chunkAt(String hash, long position) throws IOException {
    Path stored = folder.resolve(hash.substring(0, 2)).resolve(hash);
    BlobFormat form = BlobFormat.read(hash, Files.newInputStream(stored));
    ChunkManifest chunks = ((BlobFormat.Chunked) form).manifest();
    String chunk = chunks.chunks().get(chunks.chunkAt(position)).hash();
    return folder.resolve(chunk.substring(0, 2)).resolve(chunk);
  }

  private static byte[] random(int size, long seed) {
    byte[] bytes = new byte[size];
    new Random(seed).nextBytes(bytes);
    return bytes;
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
