package dev.concert.ensemble.block;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.vertx.core.buffer.Buffer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Optional;

/**
 * Reads JSON without loss, so that it can be written again with the same order of fields, digits of
 * numbers and characters of strings.
 */
public final class ExactJson {
  /** Jackson's own limit is 20 million; an event may be one long text. */
  private static final int LONGEST_TEXT = 64 * 1024 * 1024;

  /**
   * The most values, names and brackets of what a client sends: each takes a hundred bytes in
   * memory, while a small compressed body may have ten million. A conversation of a million tokens
   * has far fewer.
   */
  public static final long MOST_SENT = 1_000_000;

  /** Of a batch, which has up to 100,000 requests of some 20 values each. */
  private static final long MOST_IN_BATCH = 2_500_000;

  public static final ObjectMapper MAPPER = mapper(Long.MAX_VALUE);

  /** Reads what clients send. */
  public static final ObjectMapper SENT = mapper(MOST_SENT);

  /** Reads what clients send for a batch. */
  public static final ObjectMapper BATCH = mapper(MOST_IN_BATCH);

  private ExactJson() {}

  private static ObjectMapper mapper(long mostValues) {
    StreamReadConstraints limits =
        StreamReadConstraints.builder()
            .maxStringLength(LONGEST_TEXT)
            .maxTokenCount(mostValues)
            .build();
    return JsonMapper.builder(JsonFactory.builder().streamReadConstraints(limits).build())
        .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
        .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
        .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
        .build();
  }

  public static String text(JsonNode node) {
    try {
      return MAPPER.writeValueAsString(node);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("A tree can always be written", e);
    }
  }

  public static Buffer bytes(JsonNode node) {
    try {
      return Buffer.buffer(MAPPER.writeValueAsBytes(node));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("A tree can always be written", e);
    }
  }

  /** Empty where it takes more bytes; no more than those are ever in memory. */
  public static Optional<Buffer> bytes(JsonNode node, int most) {
    ByteArrayOutputStream written = new ByteArrayOutputStream();
    OutputStream bounded =
        new OutputStream() {
          @Override
          public void write(int one) throws IOException {
            write(new byte[] {(byte) one}, 0, 1);
          }

          @Override
          public void write(byte[] some, int from, int count) throws IOException {
            if (written.size() + count > most) {
              throw new TooLongException();
            }
            written.write(some, from, count);
          }
        };
    try {
      MAPPER.writeValue(bounded, node);
      return Optional.of(Buffer.buffer(written.toByteArray()));
    } catch (TooLongException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw new IllegalStateException("A tree can always be written", e);
    }
  }

  private static final class TooLongException extends IOException {
    private static final long serialVersionUID = 1;
  }
}
