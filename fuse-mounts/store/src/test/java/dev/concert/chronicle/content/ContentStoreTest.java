package dev.concert.chronicle.content;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ContentStoreTest {
  @TempDir Path folder;
  private ContentStore store;

  @BeforeEach
  void open() {
    store = ContentStore.open(folder);
  }

  private long files() throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      return files.filter(Files::isRegularFile).count();
    }
  }

  @ParameterizedTest
  @ValueSource(
      ints = {0, 1, 8191, 8192, 8193, 262143, 262144, 262145, 1048575, 1048576, 1048577, 3_000_000})
  void what_is_put_is_read_back_whatever_its_size(int size) {
    byte[] bytes = new byte[size];
    new Random(size).nextBytes(bytes);
    Blob blob = store.put(Content.of(bytes));
    assertThat(blob.size()).isEqualTo(size);
    assertThat(blob.hash()).isEqualTo(ContentHash.of(bytes));
    assertThat(store.read(blob.hash())).hasValue(bytes);
    assertThat(folder.resolve(blob.hash().substring(0, 2)).resolve(blob.hash())).exists();
  }

  @Test
  void the_hash_is_blake3() {
    assertThat(ContentHash.of(new byte[0]))
        .isEqualTo("af1349b9f5f9a1a6a0404dea36dcc9499bcb25c9adc112b7cc9a93cae41f3262");
  }

  @Test
  void the_same_content_is_kept_once() throws IOException {
    for (int size : new int[] {5, 1_000_000, 1_000_000}) {
      store.put(Content.of(new byte[size]));
      store.put(Content.of(new byte[size]));
    }
    assertThat(files()).isEqualTo(2);
  }

  @Test
  void text_takes_less_room_than_it_has() throws IOException {
    Blob blob = store.put(Content.of("all work and no play\n".repeat(1000).getBytes()));
    assertThat(folder.resolve(blob.hash().substring(0, 2)).resolve(blob.hash()))
        .satisfies(file -> assertThat(Files.size(file)).isLessThan(1000));
  }

  @Test
  void content_that_changes_while_it_is_read_is_stored_as_it_was_read() {
    byte[] seen = new byte[1_000_000];
    Random random = new Random(1);
    Blob blob =
        store.put(
            (into, position) -> {
              int length = (int) Math.clamp(seen.length - position, 0L, (long) into.length);
              for (int i = 0; i < length; i++) {
                into[i] = seen[(int) position + i] = (byte) random.nextInt();
              }
              return length;
            });
    assertThat(store.read(blob.hash())).hasValue(seen);
  }

  @Test
  void damage_is_noticed_on_reading() throws IOException {
    Blob blob = store.put(Content.of(new byte[100_000]));
    Path file = folder.resolve(blob.hash().substring(0, 2)).resolve(blob.hash());
    Blob other = store.put(Content.of(new byte[99_999]));
    Files.copy(
        folder.resolve(other.hash().substring(0, 2)).resolve(other.hash()),
        file,
        java.nio.file.StandardCopyOption.REPLACE_EXISTING);
    assertThatExceptionOfType(StoreException.class)
        .isThrownBy(() -> store.read(blob.hash()))
        .withMessageContaining(blob.hash());
  }

  @Test
  void what_is_not_there_is_not_there() {
    assertThat(store.read(ContentHash.of(new byte[7]))).isEmpty();
  }
}
