package dev.concert.chronicle.content.blob;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BlobFolderTest {
  private static final String A = "aa" + "0".repeat(62);
  private static final String B = "bb" + "0".repeat(62);

  @TempDir Path folder;
  private BlobFolder blobs;

  @BeforeEach
  void open() throws IOException {
    blobs = BlobFolder.open(folder);
  }

  private void keep(String name, String bytes) throws IOException {
    blobs.keep(name, staged -> Files.writeString(staged, bytes));
  }

  private String read(String name) throws IOException {
    try (var in = blobs.read(name).orElseThrow()) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  @Test
  void a_blob_lies_in_the_folder_of_its_first_two_digits() throws IOException {
    keep(A, "one");
    assertThat(folder.resolve("aa").resolve(A)).hasContent("one");
    assertThat(read(A)).isEqualTo("one");
    assertThat(blobs.read(B)).isEmpty();
    assertThat(blobs.head(A, 2)).asString().isEqualTo("on");
    assertThat(blobs.head(B, 2)).isEmpty();
  }

  @Test
  void a_write_that_fails_leaves_nothing() throws IOException {
    assertThatThrownBy(
            () ->
                blobs.keep(
                    A,
                    staged -> {
                      Files.writeString(staged, "half");
                      throw new IOException("disk on fire");
                    }))
        .hasMessageContaining("disk on fire");
    assertThat(blobs.find(A)).isEmpty();
    assertThat(folder.resolve("tmp")).isEmptyDirectory();
  }

  @Test
  void an_empty_file_as_a_power_failure_leaves_it_is_no_blob() throws IOException {
    keep(A, "one");
    Files.write(folder.resolve("aa").resolve(A), new byte[0]);
    assertThat(blobs.touch(A)).isFalse();
    assertThat(blobs.touch(B)).isFalse();
  }

  @Test
  void only_a_blob_that_was_not_needed_since_the_cut_is_collected() throws IOException {
    keep(A, "one");
    assertThat(blobs.collect(A, Instant.now().minusSeconds(60))).isFalse();
    assertThat(read(A)).isEqualTo("one");

    assertThat(blobs.collect(A, Instant.now().plusSeconds(60))).isTrue();
    assertThat(blobs.find(A)).isEmpty();
    assertThat(blobs.collect(A, Instant.now().plusSeconds(60))).isFalse();
  }

  @Test
  void what_a_killed_collector_took_away_is_read_and_taken_back() throws IOException {
    keep(A, "one");
    Files.createDirectories(folder.resolve("trash"));
    Files.move(folder.resolve("aa").resolve(A), folder.resolve("trash").resolve(A));

    assertThat(read(A)).isEqualTo("one");
    blobs.takeBackTrash();

    assertThat(blobs.find(A)).isPresent();
    assertThat(folder.resolve("trash")).isEmptyDirectory();
  }

  @Test
  void a_damaged_blob_is_set_aside_until_it_is_stored_again() throws IOException {
    keep(A, "wrong");
    blobs.setAside(A);
    assertThat(blobs.find(A)).isEmpty();
    assertThat(blobs.setAside()).containsExactly(A);

    keep(A, "right");
    assertThat(blobs.isSetAside(A)).isFalse();
    assertThat(blobs.setAside()).isEmpty();
    blobs.restored(A);
    assertThat(folder.resolve("damaged")).isEmptyDirectory();
  }

  @Test
  void blobs_are_listed_in_the_order_of_their_names_from_anywhere_on() throws IOException {
    keep(B, "two");
    keep(A, "one");
    Files.writeString(folder.resolve("aa").resolve("stranger"), "not a blob");

    List<String> all = new ArrayList<>();
    blobs.each(entry -> all.add(entry.name()));
    assertThat(all).containsExactly(A, B);

    List<String> rest = new ArrayList<>();
    blobs.each("aa", entry -> rest.add(entry.name()), done -> {});
    assertThat(rest).containsExactly(B);
  }

  @Test
  void what_a_killed_process_was_writing_is_removed_at_the_next_start() throws IOException {
    Path left = Files.writeString(folder.resolve("tmp/1-0-1"), "half");
    BlobFolder.open(folder);
    assertThat(left).doesNotExist();
  }
}
