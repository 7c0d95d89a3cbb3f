package dev.concert.github.webhook;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.zip.GZIPInputStream;

/**
 * The bytes that GitHub sent. A large body crosses the bus compressed; since GitHub sends JSON, its
 * first bytes tell.
 */
public final class WebhookBody {
  /** GitHub sends no more than that. */
  public static final int LONGEST = 25 << 20;

  private static final int MAGIC_1 = 0x1f;
  private static final int MAGIC_2 = 0x8b;

  private WebhookBody() {}

  /**
   * The bytes as they were sent.
   *
   * @throws IOException where there are more than {@link #LONGEST}
   */
  public static byte[] of(byte[] crossed) throws IOException {
    boolean isCompressed =
        crossed.length > 2 && (crossed[0] & 0xff) == MAGIC_1 && (crossed[1] & 0xff) == MAGIC_2;
    if (!isCompressed) {
      return crossed;
    }
    try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(crossed))) {
      byte[] body = in.readNBytes(LONGEST);
      if (in.read() >= 0) {
        throw new IOException("A webhook has more than 25 MiB");
      }
      return body;
    }
  }
}
