package dev.concert.chronicle.content;

import dev.concert.chronicle.content.blob.BlobFolder;
import dev.concert.chronicle.content.chunk.Chunk;
import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
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
   * even when somebody changes it meanwhile.
   */
  public Blob put(Content content) {
    ContentWindow window = new ContentWindow(content);
    window.fill();
    if (window.isLast()) {
      return putWhole(window.takeAll());
    }
    long start = System.nanoTime();
    ChunkedPut.Result result = new ChunkedPut(this::putWhole, permits).put(window);
    boolean took = System.nanoTime() - start > LONG_PUT.toNanos();
    if (took && !isComplete(result)) {
      // A collector took a chunk that had been there for long before this content needed it.
      return put(content);
    }
    byte[] stored = StoredForm.of(result.hash(), result.manifest());
    return keep(new Blob(result.hash(), result.manifest().totalSize()), stored);
  }

  private boolean isComplete(ChunkedPut.Result result) {
    for (Chunk chunk : result.manifest().chunks()) {
      if (!touch(chunk.hash())) {
        return false;
      }
    }
    return true;
  }

  private Blob putWhole(byte[] bytes) {
    Blob blob = new Blob(ContentHash.of(bytes), bytes.length);
    return touch(blob.hash()) ? blob : keep(blob, StoredForm.of(bytes));
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
        blobs.keep(blob.hash(), staged -> Files.write(staged, stored));
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
    } catch (DamagedException e) {
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
      Optional<StoredForm> form = reader.read(hash);
      return form.isEmpty() ? Optional.empty() : Optional.of(stream(form.get(), offset));
    } catch (IOException e) {
      throw failed(hash, e);
    }
  }

  private InputStream stream(StoredForm form, long offset) throws IOException {
    return switch (form) {
      case StoredForm.Whole whole -> {
        int from = (int) Math.min(offset, whole.bytes().length);
        yield new ByteArrayInputStream(whole.bytes(), from, whole.bytes().length - from);
      }
      case StoredForm.Stream old -> {
        old.bytes().skip(offset);
        yield old.bytes();
      }
      case StoredForm.Chunked chunked -> new ChunkStream(chunked.manifest(), offset, this::chunk);
    };
  }

  private byte[] chunk(String hash) {
    try {
      return switch (reader.read(hash).orElseThrow(() -> new EOFException("Missing " + hash))) {
        case StoredForm.Whole whole -> whole.bytes();
        case StoredForm.Stream _, StoredForm.Chunked _ -> throw new DamagedException(hash);
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
        why instanceof DamagedException
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
