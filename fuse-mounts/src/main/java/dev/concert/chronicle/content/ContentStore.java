package dev.concert.chronicle.content;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdInputStream;
import com.github.luben.zstd.ZstdOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.Optional;

/**
 * Contents by hash, in a local folder that all workspaces of the host share.
 *
 * <p>Needs memory for one piece of 256 KiB whatever the size of the content. What {@link #put} has
 * answered survives the death of the process; the death of the machine may cost contents that were
 * put shortly before, which {@link #read} notices because it checks the hash. Thread-safe, also
 * between processes.
 */
public final class ContentStore {
  private static final int PIECE = 256 * 1024;
  private static final int LEVEL = 1;

  private final Path folder;
  private final Path staging;

  private ContentStore(Path folder) {
    this.folder = folder;
    this.staging = folder.resolve("tmp");
  }

  /** Opens the store, making its folder where it is missing, and clears what a crash left. */
  public static ContentStore open(Path folder) {
    ContentStore store = new ContentStore(folder);
    try {
      Files.createDirectories(store.staging);
      StagedFile.clear(store.staging);
    } catch (IOException e) {
      throw new StoreException("Cannot open the content store", e);
    }
    return store;
  }

  /**
   * Keeps the content. It is read once from its begin to its end, so hash and stored bytes agree
   * even when somebody changes it meanwhile.
   */
  public Blob put(Content content) {
    try {
      byte[] piece = new byte[8 * 1024];
      int length = content.read(piece, 0);
      if (length == piece.length) {
        piece = Arrays.copyOf(piece, PIECE);
        length += readInto(piece, length, content);
      }
      return length < piece.length
          ? putSmall(Arrays.copyOf(piece, length))
          : putLarge(piece, content);
    } catch (IOException e) {
      throw new StoreException("Cannot write the content store", e);
    }
  }

  private static int readInto(byte[] piece, int from, Content content) {
    byte[] rest = new byte[piece.length - from];
    int length = content.read(rest, from);
    System.arraycopy(rest, 0, piece, from, length);
    return length;
  }

  private Blob putSmall(byte[] bytes) throws IOException {
    Blob blob = new Blob(ContentHash.of(bytes), bytes.length);
    Path place = place(blob.hash());
    if (Files.exists(place)) {
      return blob;
    }
    Path staged = StagedFile.in(staging);
    try {
      Files.write(staged, Zstd.compress(bytes, LEVEL));
      keep(staged, place);
    } finally {
      Files.deleteIfExists(staged);
    }
    return blob;
  }

  private Blob putLarge(byte[] first, Content content) throws IOException {
    Path staged = StagedFile.in(staging);
    try {
      ContentHash hash = new ContentHash();
      long size = 0;
      try (OutputStream file = Files.newOutputStream(staged);
          OutputStream zstd = new ZstdOutputStream(file, LEVEL)) {
        byte[] piece = first;
        int length = first.length;
        while (length > 0) {
          hash.add(piece, length);
          zstd.write(piece, 0, length);
          size += length;
          length = content.read(piece, size);
        }
      }
      Blob blob = new Blob(hash.hex(), size);
      if (!Files.exists(place(blob.hash()))) {
        keep(staged, place(blob.hash()));
      }
      return blob;
    } finally {
      Files.deleteIfExists(staged);
    }
  }

  private static void keep(Path staged, Path place) throws IOException {
    try {
      Files.move(staged, place, StandardCopyOption.ATOMIC_MOVE);
    } catch (NoSuchFileException missingFolder) {
      Files.createDirectories(place.getParent());
      Files.move(staged, place, StandardCopyOption.ATOMIC_MOVE);
    }
  }

  private Path place(String hash) {
    return folder.resolve(hash.substring(0, 2)).resolve(hash);
  }

  /**
   * The content with this hash, checked against it; empty where the store does not have it.
   *
   * @throws StoreException when the stored bytes are damaged
   */
  public Optional<byte[]> read(String hash) {
    try (InputStream file = Files.newInputStream(place(hash));
        InputStream zstd = new ZstdInputStream(file)) {
      byte[] bytes = zstd.readAllBytes();
      if (!ContentHash.of(bytes).equals(hash)) {
        throw new StoreException("Content " + hash + " is damaged");
      }
      return Optional.of(bytes);
    } catch (NoSuchFileException missing) {
      return Optional.empty();
    } catch (IOException e) {
      throw new StoreException("Content " + hash + " cannot be read", e);
    }
  }
}
