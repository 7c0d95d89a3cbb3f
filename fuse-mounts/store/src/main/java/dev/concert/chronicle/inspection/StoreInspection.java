package dev.concert.chronicle.inspection;

import dev.concert.chronicle.content.Blob;
import dev.concert.chronicle.content.BlobFormat;
import dev.concert.chronicle.content.ContentStore;
import dev.concert.chronicle.content.CorruptContentException;
import dev.concert.chronicle.content.StoreException;
import dev.concert.chronicle.content.blob.BlobFolder;
import dev.concert.chronicle.content.chunk.Chunk;
import dev.concert.chronicle.content.chunk.Chunker;
import dev.concert.chronicle.gc.WorkspaceRoots;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.LongConsumer;
import java.util.function.Predicate;

/**
 * Reads every content of the local folder and checks it against its hash, then looks whether all
 * that the workspaces name is there. Damaged contents are mended from the tier of the store, where
 * it has one; others are put aside, so that storing them again mends them. Safe beside a running
 * server: what is put and collected meanwhile is no finding. Blocks for as long as reading all
 * takes.
 */
public final class StoreInspection {
  /**
   * What came of it.
   *
   * @param checked contents that were read
   * @param mended contents that were damaged and are whole again
   */
  public record Report(long checked, long bytes, long mended, List<LostContent> findings) {}

  private final BlobFolder blobs;
  private final ContentStore store;
  private final WorkspaceRoots workspaces;
  private final Predicate<String> isElsewhere;
  private final Map<String, LostContent.Kind> wrong = new TreeMap<>();
  private final Map<String, Set<String>> owners = new HashMap<>();
  private long checked;
  private long bytes;
  private long mended;

  /**
   * @param isElsewhere whether a content that is not in the folder can be had from a tier
   */
  public StoreInspection(
      BlobFolder blobs,
      ContentStore store,
      WorkspaceRoots workspaces,
      Predicate<String> isElsewhere) {
    this.blobs = blobs;
    this.store = store;
    this.workspaces = workspaces;
    this.isElsewhere = isElsewhere;
  }

  /**
   * To be called once.
   *
   * @param progress receives the number of contents read so far
   */
  public Report run(LongConsumer progress) throws IOException {
    blobs.each(
        entry -> {
          check(entry.name());
          checked++;
          bytes += entry.size();
          progress.accept(checked);
        });
    for (String hash : blobs.setAside()) {
      wrong.put(hash, LostContent.Kind.DAMAGED);
    }
    workspaces.each(this::checkNamed);
    if (!wrong.isEmpty()) {
      blobs.each(entry -> findOwners(entry.name()));
    }
    return new Report(checked, bytes, mended, findings());
  }

  private void check(String hash) throws IOException {
    try {
      Optional<InputStream> file = blobs.read(hash);
      if (file.isPresent()) {
        drain(BlobFormat.read(hash, file.get()));
      }
    } catch (CorruptContentException damaged) {
      mend(hash);
    }
  }

  private static void drain(BlobFormat form) throws IOException {
    if (form instanceof BlobFormat.Stream old) {
      try (InputStream content = old.bytes()) {
        content.transferTo(OutputStream.nullOutputStream());
      }
    }
  }

  /** Reading puts a damaged one aside, and gets it from the tier. */
  private void mend(String hash) {
    try {
      store.check(hash);
      mended++;
    } catch (StoreException lost) {
      wrong.put(hash, LostContent.Kind.DAMAGED);
    }
  }

  private void checkNamed(Blob blob) {
    boolean there = blobs.find(blob.hash()).isPresent() || isElsewhere.test(blob.hash());
    if (!there) {
      wrong.putIfAbsent(blob.hash(), LostContent.Kind.MISSING);
    }
    if (there && blob.size() > Chunker.MAX) {
      for (Chunk chunk : chunks(blob.hash())) {
        if (blobs.find(chunk.hash()).isEmpty() && !isElsewhere.test(chunk.hash())) {
          wrong.putIfAbsent(chunk.hash(), LostContent.Kind.MISSING);
        }
      }
    }
  }

  private List<Chunk> chunks(String hash) {
    try {
      Optional<InputStream> file = blobs.read(hash);
      if (file.isEmpty()) {
        return List.of();
      }
      try (InputStream stored = file.get()) {
        return BlobFormat.read(hash, stored) instanceof BlobFormat.Chunked chunked
            ? chunked.manifest().chunks()
            : List.of();
      }
    } catch (IOException known) {
      // It was found before.
      return List.of();
    }
  }

  private void findOwners(String hash) throws IOException {
    if (BlobFormat.isManifest(blobs.head(hash, BlobFormat.MARK_BYTES))) {
      for (Chunk chunk : chunks(hash)) {
        if (wrong.containsKey(chunk.hash())) {
          owners.computeIfAbsent(chunk.hash(), key -> new TreeSet<>()).add(hash);
        }
      }
    }
  }

  private List<LostContent> findings() throws IOException {
    Set<String> searched = new TreeSet<>(wrong.keySet());
    owners.values().forEach(searched::addAll);
    Map<String, List<String>> places = searched.isEmpty() ? Map.of() : workspaces.places(searched);
    List<LostContent> findings = new ArrayList<>();
    wrong.forEach(
        (hash, kind) -> {
          List<String> affected = new ArrayList<>(places.getOrDefault(hash, List.of()));
          owners
              .getOrDefault(hash, Set.of())
              .forEach(owner -> affected.addAll(places.getOrDefault(owner, List.of())));
          findings.add(new LostContent(kind, hash, affected));
        });
    return findings;
  }
}
