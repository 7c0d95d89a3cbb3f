package dev.concert.chronicle.inspection;

import static org.assertj.core.api.Assertions.assertThat;

import dev.concert.chronicle.content.Blob;
import dev.concert.chronicle.content.BlobFormat;
import dev.concert.chronicle.content.Content;
import dev.concert.chronicle.content.ContentStore;
import dev.concert.chronicle.content.blob.BlobFolder;
import dev.concert.chronicle.gc.WorkspaceRoots;
import dev.concert.chronicle.iteration.Entry;
import dev.concert.chronicle.iteration.Kind;
import dev.concert.chronicle.iteration.Signature;
import dev.concert.chronicle.journal.Journal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StoreInspectionTest {
  @TempDir Path folder;
  private Path cas;
  private ContentStore store;
  private Blob small;
  private Blob large;
  private byte[] largeBytes;

  @BeforeEach
  void fill() {
    cas = folder.resolve("cas");
    store = ContentStore.open(cas);
    largeBytes = random(1, 3_000_000);
    small = store.put(Content.of(random(2, 1000)));
    large = store.put(Content.of(largeBytes));
    Path journal = folder.resolve("instances/agent_1/chronicle/metadata/chronicle.db");
    try (Journal entered = Journal.open(journal, InstantSource.system(), iterations -> {})) {
      write(entered, "notes.txt", small);
      write(entered, "video.mp4", small);
      write(entered, "video.mp4", large);
    }
  }

  private static void write(Journal journal, String path, Blob blob) {
    journal.enter(new Entry.Written(path, Kind.FILE, 0644, blob, new Signature(1, 2, 3)));
  }

  private static byte[] random(long seed, int size) {
    byte[] bytes = new byte[size];
    new Random(seed).nextBytes(bytes);
    return bytes;
  }

  private Path place(String hash) {
    return cas.resolve(hash.substring(0, 2)).resolve(hash);
  }

  private String chunk() throws IOException {
    BlobFormat form = BlobFormat.read(large.hash(), Files.newInputStream(place(large.hash())));
    return ((BlobFormat.Chunked) form).manifest().chunks().get(2).hash();
  }

  private void flipABit(String hash) throws IOException {
    byte[] file = Files.readAllBytes(place(hash));
    file[file.length - 7] ^= 16;
    Files.write(place(hash), file);
  }

  private StoreInspection.Report verify() throws IOException {
    WorkspaceRoots workspaces = new WorkspaceRoots(folder.resolve("instances"));
    return new StoreInspection(
            BlobFolder.open(cas), ContentStore.open(cas), workspaces, hash -> false)
        .run(checked -> {});
  }

  @Test
  void nothing_is_found_where_nothing_is_wrong() throws IOException {
    StoreInspection.Report report = verify();
    assertThat(report.findings()).isEmpty();
    assertThat(report.checked()).isGreaterThan(6);
    assertThat(report.bytes()).isGreaterThan(3_000_000);
  }

  @Test
  void a_flipped_bit_is_named_with_every_iteration_that_needs_it_and_no_other() throws IOException {
    String chunk = chunk();
    flipABit(chunk);
    assertThat(verify().findings())
        .containsExactly(
            new LostContent(
                LostContent.Kind.DAMAGED, chunk, java.util.List.of("agent_1: video.mp4 @ 2")));
    // It stays known until it is whole again.
    assertThat(verify().findings()).hasSize(1);
    store.put(Content.of(largeBytes));
    assertThat(verify().findings()).isEmpty();

    flipABit(small.hash());
    assertThat(verify().findings())
        .singleElement()
        .satisfies(
            finding ->
                assertThat(finding.affected())
                    .containsExactly("agent_1: notes.txt @ 1", "agent_1: video.mp4 @ 1"));
  }

  @Test
  void a_damaged_manifest_is_found() throws IOException {
    flipABit(large.hash());
    assertThat(verify().findings())
        .extracting(LostContent::kind, LostContent::hash)
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple(LostContent.Kind.DAMAGED, large.hash()));
  }

  @Test
  void what_is_missing_is_named() throws IOException {
    String chunk = chunk();
    Files.delete(place(chunk));
    Files.delete(place(small.hash()));
    assertThat(verify().findings())
        .extracting(LostContent::kind, LostContent::hash)
        .containsExactlyInAnyOrder(
            org.assertj.core.groups.Tuple.tuple(LostContent.Kind.MISSING, chunk),
            org.assertj.core.groups.Tuple.tuple(LostContent.Kind.MISSING, small.hash()));
  }
}
