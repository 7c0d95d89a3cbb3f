package dev.concert.chronicle.content;

import dev.concert.chronicle.content.blob.BlobFolder;
import dev.concert.chronicle.content.chunk.Chunk;
import dev.concert.chronicle.content.chunk.ChunkManifest;
import dev.concert.foundation.files.PrivateFiles;
import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.Semaphore;

/**
 * Contents by hash, in a local folder that all workspaces of the host share, and in a {@link Tier}
 * behind it.
 *
 * <p>Needs a few MiB of memory whatever the size of a content (and 0.6 MiB more for each GiB of the
 * largest one). What {@link #put} has answered survives the death of the process. The death of the
 * machine may cost contents that were put within the last seconds, unless {@link #sync} returned
 * after them; {@link #read} notices because it checks the hash, and the next {@code put} of the
 * same content mends it. Thread-safe, also between processes. Every method blocks.
 */
public final class ContentStore {
  private static final int CHUNKS_IN_MEMORY = 16;

  /** Long before any grace period of a collector. */
  private static final Duration LONG_PUT = Duration.ofMinutes(1);

  private final BlobFolder blobs;
  private final Tier tier;
  private final BlobReader reader;
  private final Semaphore permits = new Semaphore(CHUNKS_IN_MEMORY);

  private ContentStore(BlobFolder blobs, Tier tier) {
    this.blobs = blobs;
    this.tier = tier;
    this.reader = new BlobReader(blobs, tier);
  }

  /** Opens the store, making its folder where it is missing, and clears what a crash left. */
  public static ContentStore open(Path folder) {
    return open(folder, Tier.NONE);
  }

  /** The same with a tier behind the folder. The tier is the caller's to close. */
  public static ContentStore open(Path folder, Tier tier) {
    try {
      return over(BlobFolder.open(folder), tier);
    } catch (IOException e) {
      throw new StoreException("Cannot open the content store", e);
    }
  }

  static ContentStore over(BlobFolder blobs, Tier tier) {
    return new ContentStore(blobs, tier);
  }

  /**
   * Keeps the content. It is read once from its begin to its end, so hash and stored bytes agree
   * even when it changes meanwhile. Its holes are not read.
   */
  public Blob put(Content content) {
    ContentWindow window = new ContentWindow(content);
    window.fill();
    return window.isLast()
        ? putWhole(window.takeAll())
        : putChunks(content, window, Optional.empty());
  }

  /**
   * Keeps a new version of a content. Of a large one only the chunks that changed are read, and
   * those that the store has lost.
   *
   * @param before hash of a version before, which something else keeps in the store
   * @param changed every byte that changed since
   * @param size bytes of the new version
   */
  public Blob putChanged(Content content, String before, ChangedRanges changed, long size) {
    Optional<ChunkManifest> chunks =
        size > LargeContentHash.LARGEST_PLAIN ? manifest(before) : Optional.empty();
    if (chunks.filter(all -> all.totalSize() > LargeContentHash.LARGEST_PLAIN).isEmpty()) {
      return put(content);
    }
    return putChunks(
        content,
        new ContentWindow(content),
        Optional.of(new PreviousVersion(chunks.get(), changed, size)));
  }

  private Blob putChunks(Content content, ContentWindow window, Optional<PreviousVersion> before) {
    long start = System.nanoTime();
    ChunkedWriter.Result result =
        new ChunkedWriter(this::putWhole, this::isKept, permits).put(window, before);
    boolean took = System.nanoTime() - start > LONG_PUT.toNanos();
    boolean shrank =
        before.isPresent() && result.manifest().totalSize() <= LargeContentHash.LARGEST_PLAIN;
    if (shrank || took && !isComplete(result)) {
      // A collector took a chunk that had been there for long before this content needed it.
      return put(content);
    }
    byte[] stored = BlobFormat.of(result.hash(), result.manifest());
    return keep(new Blob(result.hash(), result.manifest().totalSize()), stored);
  }

  /** The chunks of a content that is stored in chunks; empty for every other one. */
  private Optional<ChunkManifest> manifest(String hash) {
    try {
      return reader.read(hash).orElse(null) instanceof BlobFormat.Chunked chunked
          ? Optional.of(chunked.manifest())
          : Optional.empty();
    } catch (IOException unusable) {
      return Optional.empty();
    }
  }

  /** A chunk that is lost is stored again. Where there is a tier, that has what is not here. */
  private boolean isKept(String hash) {
    return tier != Tier.NONE || blobs.has(hash);
  }

  private boolean isComplete(ChunkedWriter.Result result) {
    for (Chunk chunk : result.manifest().chunks()) {
      if (!touch(chunk.hash())) {
        return false;
      }
    }
    return true;
  }

  private Blob putWhole(byte[] bytes) {
    Blob blob = new Blob(ContentHash.of(bytes), bytes.length);
    return touch(blob.hash()) ? blob : keep(blob, BlobFormat.of(bytes));
  }

  private boolean touch(String hash) {
    try {
      return blobs.touch(hash);
    } catch (IOException e) {
      throw new StoreException("Cannot read the content store", e);
    }
  }

  private Blob keep(Blob blob, byte[] stored) {
    try {
      if (!blobs.touch(blob.hash())) {
        tier.announce(blob.hash());
        blobs.keep(blob.hash(), staged -> PrivateFiles.write(staged, stored));
        tier.kept(stored.length);
      }
      return blob;
    } catch (IOException e) {
      throw new StoreException("Cannot write the content store", e);
    }
  }

  /**
   * The content with this hash, checked against it; empty where the store does not have it. Needs
   * memory for all of it.
   *
   * @throws StoreException when the stored bytes are damaged
   */
  public Optional<byte[]> read(String hash) {
    try {
      return read(hash, 0, Integer.MAX_VALUE);
    } catch (StoreException damaged) {
      // A large content shows its damage only at its end; now it is set aside, and a tier can help.
      return read(hash, 0, Integer.MAX_VALUE);
    }
  }

  /**
   * A part of the content, checked as far as it is read; shorter than wanted where the content ends
   * before.
   */
  public Optional<byte[]> read(String hash, long offset, int length) {
    try (InputStream content = open(hash, offset).orElse(null)) {
      return content == null ? Optional.empty() : Optional.of(content.readNBytes(length));
    } catch (CorruptContentException e) {
      setAside(hash);
      throw new StoreException(e.getMessage(), e);
    } catch (IOException e) {
      throw failed(hash, e);
    }
  }

  /** The content as a stream, which fails where the content turns out to be damaged. */
  public Optional<InputStream> open(String hash) {
    return open(hash, 0);
  }

  /** The same from an offset on; nothing where the content ends before it. */
  public Optional<InputStream> open(String hash, long offset) {
    try {
      Optional<BlobFormat> form = reader.read(hash);
      return form.isEmpty() ? Optional.empty() : Optional.of(stream(form.get(), offset));
    } catch (IOException e) {
      throw failed(hash, e);
    }
  }

  /**
   * The content to be read from any position, with its holes; empty where the store does not have
   * it. Reading fails where it turns out to be damaged. For one thread.
   */
  public Optional<OpenContent> content(String hash, long size) {
    try {
      return reader
          .read(hash)
          .map(form -> new StoredContent(form, position -> openKnown(hash, position)))
          .map(content -> new OpenContent(content, size, content::close));
    } catch (IOException e) {
      throw failed(hash, e);
    }
  }

  private InputStream openKnown(String hash, long position) {
    return open(hash, position)
        .orElseThrow(() -> new StoreException("Content " + hash + " is gone", null));
  }

  /**
   * Reads all of a content, equal chunks that follow each other once.
   *
   * @return bytes that it has; empty where the store does not have it
   * @throws StoreException where a part is missing or damaged
   */
  public OptionalLong check(String hash) {
    try {
      Optional<BlobFormat> form = reader.read(hash);
      return form.isEmpty() ? OptionalLong.empty() : OptionalLong.of(check(form.get()));
    } catch (IOException e) {
      throw failed(hash, e);
    }
  }

  private long check(BlobFormat form) throws IOException {
    if (form instanceof BlobFormat.Chunked(ChunkManifest manifest)) {
      for (Chunk chunk : manifest.chunks()) {
        if (chunk(chunk.hash()).length != chunk.size()) {
          throw new CorruptContentException(chunk.hash());
        }
      }
      return manifest.totalSize();
    }
    try (InputStream content = stream(form, 0)) {
      return content.transferTo(OutputStream.nullOutputStream());
    }
  }

  private InputStream stream(BlobFormat form, long offset) throws IOException {
    return switch (form) {
      case BlobFormat.Whole whole -> {
        int from = (int) Math.min(offset, whole.bytes().length);
        yield new ByteArrayInputStream(whole.bytes(), from, whole.bytes().length - from);
      }
      case BlobFormat.Stream old -> {
        old.bytes().skip(offset);
        yield old.bytes();
      }
      case BlobFormat.Chunked chunked -> new ChunkStream(chunked.manifest(), offset, this::chunk);
    };
  }

  private byte[] chunk(String hash) {
    try {
      return switch (reader.read(hash).orElseThrow(() -> new EOFException("Missing " + hash))) {
        case BlobFormat.Whole whole -> whole.bytes();
        case BlobFormat.Stream _, BlobFormat.Chunked _ -> throw new CorruptContentException(hash);
      };
    } catch (IOException e) {
      throw failed(hash, e);
    }
  }

  private void setAside(String hash) {
    try {
      reader.setAside(hash);
    } catch (IOException e) {
      throw new StoreException("Damaged content " + hash + " cannot be put aside", e);
    }
  }

  private static StoreException failed(String hash, IOException why) {
    return new StoreException(
        why instanceof CorruptContentException
            ? why.getMessage()
            : "Content " + hash + " cannot be read: " + why.getMessage(),
        why);
  }

  /** All that was put before survives the death of the machine when this returns. */
  public void sync() {
    try {
      blobs.sync();
    } catch (IOException e) {
      throw new StoreException("The content store cannot be brought to the disk", e);
    }
  }
}
