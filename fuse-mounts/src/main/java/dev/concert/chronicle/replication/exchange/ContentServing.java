package dev.concert.chronicle.replication.exchange;

import dev.concert.chronicle.content.ContentHash;
import dev.concert.chronicle.replication.wire.ChunkManifest;
import dev.concert.chronicle.replication.wire.WireMessage;
import dev.concert.chronicle.replication.wire.WireMessage.ContentFetchResponse;
import dev.concert.chronicle.replication.wire.WireMessage.ContentNotFound;
import dev.concert.chronicle.tree.OpenContent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Answers requests for contents of one connection. Holds one piece of 1 MiB in memory, and the
 * places of the chunks of the large content that was asked for last. For one thread; blocks.
 */
public final class ContentServing implements AutoCloseable {

  /** Opens contents that the other side may have; empty for every other hash. */
  @FunctionalInterface
  public interface Source {
    Optional<OpenContent> open(String hash);
  }

  private final Source source;
  private final Map<String, ChunkManifest.Chunk> chunks = new HashMap<>();
  private Optional<OpenContent> large = Optional.empty();

  public ContentServing(Source source) {
    this.source = source;
  }

  /** What to say to a {@code ContentFetchRequest}. */
  public WireMessage answer(String hash) {
    ChunkManifest.Chunk chunk = chunks.get(hash);
    if (chunk != null) {
      byte[] bytes = read(large.orElseThrow(), chunk.offset(), chunk.size());
      return new ContentFetchResponse(hash, bytes, bytes.length, Optional.empty());
    }
    return source
        .open(hash)
        .map(content -> answer(hash, content))
        .orElseGet(() -> new ContentNotFound(hash));
  }

  private WireMessage answer(String hash, OpenContent content) {
    if (content.size() > ChunkManifest.MAX_CHUNK) {
      forget();
      large = Optional.of(content);
      return new ContentFetchResponse(
          hash, new byte[0], content.size(), Optional.of(manifest(content).toJson()));
    }
    try (content) {
      byte[] bytes = read(content, 0, (int) content.size());
      return new ContentFetchResponse(hash, bytes, bytes.length, Optional.empty());
    }
  }

  private ChunkManifest manifest(OpenContent content) {
    List<ChunkManifest.Chunk> parts = new ArrayList<>();
    for (long offset = 0; offset < content.size(); offset += ChunkManifest.MAX_CHUNK) {
      int size = (int) Math.min(ChunkManifest.MAX_CHUNK, content.size() - offset);
      String hash = ContentHash.of(read(content, offset, size));
      parts.add(new ChunkManifest.Chunk(hash, offset, size));
      chunks.put(hash, parts.getLast());
    }
    return new ChunkManifest(content.size(), ChunkManifest.MAX_CHUNK, parts);
  }

  /** What is there; a file that shrank meanwhile gives less, which the other side notices. */
  private static byte[] read(OpenContent content, long offset, int size) {
    byte[] bytes = new byte[size];
    int length = content.content().read(bytes, offset);
    return length == size ? bytes : Arrays.copyOf(bytes, length);
  }

  private void forget() {
    chunks.clear();
    large.ifPresent(OpenContent::close);
    large = Optional.empty();
  }

  @Override
  public void close() {
    forget();
  }
}
