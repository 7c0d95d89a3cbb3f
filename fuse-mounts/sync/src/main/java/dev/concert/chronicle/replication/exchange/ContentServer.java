package dev.concert.chronicle.replication.exchange;

import dev.concert.chronicle.content.ContentHash;
import dev.concert.chronicle.content.OpenContent;
import dev.concert.chronicle.replication.wire.TransferManifest;
import dev.concert.chronicle.replication.wire.WireMessage;
import dev.concert.chronicle.replication.wire.WireMessage.ContentFetchResponse;
import dev.concert.chronicle.replication.wire.WireMessage.ContentNotFound;
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
public final class ContentServer implements AutoCloseable {

  /** Opens contents that the other side may have; empty for every other hash. */
  @FunctionalInterface
  public interface Source {
    Optional<OpenContent> open(String hash);
  }

  /** The manifest of a larger content fits into no message. */
  private static final long MOST_BYTES = 256L << 30;

  private static final String ZEROS = ContentHash.of(new byte[TransferManifest.MAX_CHUNK]);

  private final Source source;
  private final Map<String, TransferManifest.Chunk> chunks = new HashMap<>();
  private Optional<OpenContent> large = Optional.empty();

  public ContentServer(Source source) {
    this.source = source;
  }

  /** What to say to a {@code ContentFetchRequest}. */
  public WireMessage answer(String hash) {
    TransferManifest.Chunk chunk = chunks.get(hash);
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
    if (content.size() > MOST_BYTES) {
      content.close();
      return new ContentNotFound(hash);
    }
    if (content.size() > TransferManifest.MAX_CHUNK) {
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

  private TransferManifest manifest(OpenContent content) {
    List<TransferManifest.Chunk> parts = new ArrayList<>();
    for (long offset = 0; offset < content.size(); offset += TransferManifest.MAX_CHUNK) {
      int size = (int) Math.min(TransferManifest.MAX_CHUNK, content.size() - offset);
      boolean hole =
          size == TransferManifest.MAX_CHUNK
              && content.content().zerosUntil(offset) >= offset + size;
      String hash = hole ? ZEROS : ContentHash.of(read(content, offset, size));
      parts.add(new TransferManifest.Chunk(hash, offset, size));
      chunks.put(hash, parts.getLast());
    }
    return new TransferManifest(content.size(), TransferManifest.MAX_CHUNK, parts);
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
