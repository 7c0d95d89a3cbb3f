package dev.concert.chronicle.content;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdException;
import com.github.luben.zstd.ZstdIOException;
import com.github.luben.zstd.ZstdInputStream;
import dev.concert.chronicle.content.chunk.ChunkManifest;
import dev.concert.chronicle.content.chunk.Chunker;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;

/** What a file of the store has in it, checked against its name. */
public sealed interface BlobFormat {
  /** The content itself. */
  record Whole(byte[] bytes) implements BlobFormat {}

  /**
   * The content itself, larger than a chunk: stores that are older than chunks have such. The
   * stream fails at its end where the content is not that of the hash.
   */
  record Stream(InputStream bytes) implements BlobFormat {}

  /** What the content is made of. */
  record Chunked(ChunkManifest manifest) implements BlobFormat {}

  int LEVEL = 1;

  /** So many bytes of a file tell a manifest from a content. */
  int MARK_BYTES = 8;

  /** What Zstd says of bytes that are no frame of it, as opposed to one of unknown size. */
  int NO_FRAME = -2;

  byte[] MANIFEST = "CHRMANI1".getBytes(StandardCharsets.US_ASCII);

  /** The largest stored form of a content that is not cut. */
  int LARGEST = (int) Zstd.compressBound(Chunker.MAX);

  static boolean isManifest(byte[] stored) {
    return stored.length >= MARK_BYTES
        && Arrays.equals(stored, 0, MARK_BYTES, MANIFEST, 0, MARK_BYTES);
  }

  static byte[] of(byte[] content) {
    return Zstd.compress(content, LEVEL);
  }

  /**
   * Of a manifest: {@link #MANIFEST}, BLAKE3 of all that follows (32 bytes), the hash of the
   * content (32), and the manifest, Zstd-compressed.
   */
  static byte[] of(String hash, ChunkManifest manifest) {
    byte[] body = concat(HexFormat.of().parseHex(hash), of(manifest.encode()));
    byte[] digest = HexFormat.of().parseHex(ContentHash.of(body));
    return concat(concat(MANIFEST, digest), body);
  }

  private static byte[] concat(byte[] one, byte[] other) {
    byte[] both = Arrays.copyOf(one, one.length + other.length);
    System.arraycopy(other, 0, both, one.length, other.length);
    return both;
  }

  /**
   * Takes over the stream: closes it, or the caller does by closing a {@link Stream}.
   *
   * @throws CorruptContentException where it is not what is stored for this hash
   */
  static BlobFormat read(String hash, InputStream file) throws IOException {
    try {
      byte[] stored = file.readNBytes(LARGEST + 1);
      if (isManifest(stored)) {
        byte[] all = concat(stored, file.readAllBytes());
        file.close();
        return new Chunked(manifest(hash, all));
      }
      long size = Zstd.getFrameContentSize(stored);
      if (size == NO_FRAME) {
        // A power failure may leave a file of zeros.
        throw new CorruptContentException(hash);
      }
      if (stored.length > LARGEST || size < 0 || size > Chunker.MAX) {
        InputStream all = new SequenceInputStream(new ByteArrayInputStream(stored), file);
        return new Stream(new CheckedStream(hash, new ZstdInputStream(all)));
      }
      file.close();
      return new Whole(whole(hash, stored, (int) size));
    } catch (ZstdIOException e) {
      file.close();
      throw new CorruptContentException(hash);
    } catch (IOException | RuntimeException e) {
      file.close();
      throw e;
    }
  }

  private static byte[] whole(String hash, byte[] stored, int size) throws CorruptContentException {
    try {
      byte[] content = Zstd.decompress(stored, size);
      if (ContentHash.of(content).equals(hash)) {
        return content;
      }
    } catch (ZstdException e) {
      // Not a frame of Zstd any more.
    }
    throw new CorruptContentException(hash);
  }

  private static ChunkManifest manifest(String hash, byte[] stored) throws CorruptContentException {
    int digestEnd = MANIFEST.length + 32;
    if (stored.length > digestEnd + 32) {
      byte[] body = Arrays.copyOfRange(stored, digestEnd, stored.length);
      String digest = HexFormat.of().formatHex(stored, MANIFEST.length, digestEnd);
      String owner = HexFormat.of().formatHex(body, 0, 32);
      if (owner.equals(hash) && ContentHash.of(body).equals(digest)) {
        byte[] packed = Arrays.copyOfRange(body, 32, body.length);
        byte[] plain = Zstd.decompress(packed, (int) Zstd.getFrameContentSize(packed));
        return ChunkManifest.decode(plain).orElseThrow(() -> new CorruptContentException(hash));
      }
    }
    throw new CorruptContentException(hash);
  }
}
