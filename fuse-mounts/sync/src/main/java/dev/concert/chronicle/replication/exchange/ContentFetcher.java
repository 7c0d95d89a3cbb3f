package dev.concert.chronicle.replication.exchange;

import dev.concert.chronicle.content.Content;
import dev.concert.chronicle.content.ContentHash;
import dev.concert.chronicle.content.OpenContent;
import dev.concert.chronicle.replication.wire.TransferManifest;
import dev.concert.chronicle.replication.wire.TransferManifest.Chunk;
import dev.concert.chronicle.replication.wire.WireChannel;
import dev.concert.chronicle.replication.wire.WireException;
import dev.concert.chronicle.replication.wire.WireMessage.ContentFetchRequest;
import dev.concert.chronicle.replication.wire.WireMessage.ContentFetchResponse;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Gets contents from the other side of a connection and checks them. One thread fetches, another
 * hands in the answers. Contents over 1 MiB go through a file; memory is bounded by {@link #WINDOW}
 * pieces of 1 MiB.
 */
public final class ContentFetcher implements AutoCloseable {
  /** Requests that may be open at a time. */
  public static final int WINDOW = 8;

  private static final Duration TIMEOUT = Duration.ofMinutes(2);

  private final WireChannel channel;
  private final Path staging;
  private final Map<String, CompletableFuture<Optional<ContentFetchResponse>>> open =
      new ConcurrentHashMap<>();
  private volatile boolean closed;

  /**
   * @param staging folder for large contents while they are used; no other user has files there
   */
  public ContentFetcher(WireChannel channel, Path staging) {
    this.channel = channel;
    this.staging = staging;
  }

  /** Receives an answer. Any thread; an answer that no fetch waits for is dropped. */
  public void received(ContentFetchResponse response) {
    complete(response.contentHash(), Optional.of(response));
  }

  /** The other side does not have it. */
  public void notFound(String hash) {
    complete(hash, Optional.empty());
  }

  private void complete(String hash, Optional<ContentFetchResponse> answer) {
    Optional.ofNullable(open.get(hash)).ifPresent(waiting -> waiting.complete(answer));
  }

  /** Asks already now for what will be fetched soon; does nothing where too much is open. */
  public void prefetch(String hash) throws IOException {
    if (open.size() < WINDOW) {
      request(hash);
    }
  }

  /** Drops answers that no fetch waited for. */
  public void forget() {
    open.values().removeIf(CompletableFuture::isDone);
  }

  /**
   * The content; empty where the other side does not have it. Blocks until it is all here.
   *
   * @throws WireException where the other side sent something else
   */
  public Optional<OpenContent> fetch(String hash, long size) throws IOException {
    Optional<ContentFetchResponse> answer = await(hash);
    if (answer.isEmpty()) {
      return Optional.empty();
    }
    ContentFetchResponse response = answer.get();
    if (response.size() != size) {
      throw new WireException(
          "content %s has %d bytes, %d were announced".formatted(hash, response.size(), size));
    }
    if (response.chunkManifest().isPresent()) {
      return assemble(hash, TransferManifest.parse(response.chunkManifest().get(), size));
    }
    check(hash, response.content(), size);
    byte[] bytes = response.content();
    return Optional.of(new OpenContent(Content.of(bytes), bytes.length, () -> {}));
  }

  private Optional<OpenContent> assemble(String hash, TransferManifest manifest)
      throws IOException {
    Files.createDirectories(staging);
    Path file = Files.createTempFile(staging, "fetch", ".part");
    boolean complete = false;
    FileChannel target =
        FileChannel.open(
            file,
            StandardOpenOption.READ,
            StandardOpenOption.WRITE,
            StandardOpenOption.DELETE_ON_CLOSE);
    try {
      complete = fill(target, hash, manifest);
      return complete
          ? Optional.of(new OpenContent(of(target), manifest.totalSize(), () -> close(target)))
          : Optional.empty();
    } finally {
      if (!complete) {
        close(target);
      }
    }
  }

  private boolean fill(FileChannel target, String hash, TransferManifest manifest)
      throws IOException {
    ContentHash whole = new ContentHash();
    Iterator<Chunk> ahead = manifest.chunks().iterator();
    Deque<Chunk> asked = new ArrayDeque<>();
    for (int done = 0; done < manifest.chunks().size(); done++) {
      while (asked.size() < WINDOW / 2 && ahead.hasNext()) {
        asked.add(ahead.next());
        request(asked.getLast().hash());
      }
      Chunk chunk = asked.removeFirst();
      Optional<ContentFetchResponse> answer = await(chunk.hash());
      if (answer.isEmpty()) {
        return false;
      }
      byte[] bytes = answer.get().content();
      check(chunk.hash(), bytes, chunk.size());
      whole.add(bytes, bytes.length);
      ByteBuffer buffer = ByteBuffer.wrap(bytes);
      while (buffer.hasRemaining()) {
        target.write(buffer);
      }
    }
    if (!whole.hex().equals(hash) && !isChunkHash(hash, target, manifest.totalSize())) {
      throw new WireException("the chunks of content " + hash + " are those of another one");
    }
    return true;
  }

  /** Whether a large content is known by its chunks; earlier builds hashed its bytes. */
  private static boolean isChunkHash(String hash, FileChannel content, long size) {
    return !ContentHash.isPlain(size) && ContentHash.of(of(content)).equals(hash);
  }

  private static void check(String hash, byte[] bytes, long size) throws WireException {
    if (bytes.length != size || !ContentHash.of(bytes).equals(hash)) {
      throw new WireException("what came is not content " + hash);
    }
  }

  private CompletableFuture<Optional<ContentFetchResponse>> request(String hash)
      throws IOException {
    CompletableFuture<Optional<ContentFetchResponse>> known = open.get(hash);
    if (known != null) {
      return known;
    }
    CompletableFuture<Optional<ContentFetchResponse>> asked = new CompletableFuture<>();
    open.put(hash, asked);
    if (closed) {
      throw new IOException("the connection is closed");
    }
    channel.send(new ContentFetchRequest(hash));
    return asked;
  }

  private Optional<ContentFetchResponse> await(String hash) throws IOException {
    try {
      return request(hash).get(TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      throw new IOException("content " + hash + " did not come in time", e);
    } catch (ExecutionException e) {
      throw new IOException("the connection was lost while content " + hash + " was fetched", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while content " + hash + " was fetched", e);
    } finally {
      open.remove(hash);
    }
  }

  private static Content of(FileChannel file) {
    return (into, position) -> {
      try {
        ByteBuffer buffer = ByteBuffer.wrap(into);
        while (buffer.hasRemaining() && file.read(buffer, position + buffer.position()) >= 0) {
          // A read may give less than was asked for.
        }
        return buffer.position();
      } catch (IOException e) {
        throw new UncheckedIOException("Cannot read a fetched content", e);
      }
    };
  }

  private static void close(FileChannel file) {
    try {
      file.close();
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot close a fetched content", e);
    }
  }

  /** Lets everyone who waits go, with a failure. */
  @Override
  public void close() {
    closed = true;
    open.values().forEach(waiting -> waiting.completeExceptionally(new IOException("closed")));
  }
}
