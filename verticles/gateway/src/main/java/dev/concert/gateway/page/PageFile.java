package dev.concert.gateway.page;

import io.vertx.core.buffer.Buffer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;

/**
 * A file of the page, as it is sent.
 *
 * @param etag weak, since the compressed file has the same one
 */
record PageFile(String mediaType, Buffer content, Buffer compressed, String etag) {
  private static final int TAG_BYTES = 12;

  static PageFile of(String mediaType, byte[] content) {
    return new PageFile(
        mediaType, Buffer.buffer(content), Buffer.buffer(gzip(content)), tag(content));
  }

  /**
   * Whether a client has this file.
   *
   * @param ifNoneMatch the header of its request; null for none
   */
  boolean isKnownTo(String ifNoneMatch) {
    return ifNoneMatch != null
        && List.of(ifNoneMatch.split(",")).stream()
            .map(String::strip)
            .anyMatch(known -> known.equals("*") || withoutMark(known).equals(withoutMark(etag)));
  }

  private static String withoutMark(String tag) {
    return tag.startsWith("W/") ? tag.substring(2) : tag;
  }

  private static String tag(byte[] content) {
    try {
      byte[] hash = MessageDigest.getInstance("SHA-256").digest(content);
      return "W/\"" + HexFormat.of().formatHex(Arrays.copyOf(hash, TAG_BYTES)) + '"';
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  private static byte[] gzip(byte[] content) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new Smallest(bytes)) {
      gzip.write(content);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  /** Compressed once and sent often. */
  private static final class Smallest extends GZIPOutputStream {
    Smallest(ByteArrayOutputStream bytes) throws IOException {
      super(bytes);
      def.setLevel(Deflater.BEST_COMPRESSION);
    }
  }
}
