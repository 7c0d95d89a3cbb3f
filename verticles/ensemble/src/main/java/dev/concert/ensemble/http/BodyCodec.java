package dev.concert.ensemble.http;

import com.github.luben.zstd.ZstdInputStream;
import dev.concert.error.ConcertException;
import dev.concert.error.ErrorCode;
import io.vertx.core.buffer.Buffer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Locale;
import java.util.zip.GZIPInputStream;
import java.util.zip.InflaterInputStream;

/** The encodings in which a client may send a body (RFC 9110, 8.4). */
enum BodyCodec {
  IDENTITY(bytes -> bytes),
  GZIP(GZIPInputStream::new),
  DEFLATE(InflaterInputStream::new),
  ZSTD(ZstdInputStream::new);

  private interface Opener {
    InputStream open(InputStream bytes) throws IOException;
  }

  private final Opener opener;

  BodyCodec(Opener opener) {
    this.opener = opener;
  }

  /**
   * Reads the header {@code Content-Encoding}.
   *
   * @param header nullable
   * @throws ConcertException for an encoding that is not known here
   */
  static BodyCodec of(String header) {
    return switch (header == null ? "" : header.strip().toLowerCase(Locale.ROOT)) {
      case "", "identity" -> IDENTITY;
      case "gzip", "x-gzip" -> GZIP;
      case "deflate" -> DEFLATE;
      case "zstd" -> ZSTD;
      default ->
          throw new ConcertException(
              ErrorCode.INVALID_MESSAGE,
              "Content-Encoding: must be one of gzip, deflate, zstd, identity.");
    };
  }

  /**
   * Decodes a body. It blocks for as long as inflating takes.
   *
   * @param most bytes that may come out; the rest of a larger body is not inflated
   * @throws ConcertException {@code MESSAGE_TOO_LARGE}, or {@code INVALID_MESSAGE} for a body in
   *     another encoding
   */
  Buffer decode(Buffer body, int most) {
    if (this == IDENTITY) {
      return body;
    }
    try (InputStream plain = opener.open(new ByteArrayInputStream(body.getBytes()))) {
      byte[] bytes = plain.readNBytes(most);
      if (bytes.length == most && plain.read() >= 0) {
        throw new ConcertException(
            ErrorCode.MESSAGE_TOO_LARGE,
            "The body is over %d KiB when it is decompressed.".formatted(most / 1024));
      }
      return Buffer.buffer(bytes);
    } catch (IOException e) {
      throw new ConcertException(
          ErrorCode.INVALID_MESSAGE,
          "Content-Encoding: the body is not valid %s.".formatted(name().toLowerCase(Locale.ROOT)),
          e);
    }
  }
}
