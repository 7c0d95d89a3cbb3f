package dev.concert.platform.hostile;

import static dev.concert.testing.RawWebSocket.BINARY;
import static dev.concert.testing.RawWebSocket.CONTINUATION;
import static dev.concert.testing.RawWebSocket.PING;
import static dev.concert.testing.RawWebSocket.PONG;
import static dev.concert.testing.RawWebSocket.TEXT;

import dev.concert.contract.ApiOperation;
import dev.concert.contract.ContractTable;
import dev.concert.contract.Field;
import dev.concert.testing.RawWebSocket;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import java.util.StringJoiner;

/**
 * Frames that a hostile client might send: requests of every row of the contract table, with values
 * at and over their bounds, of wrong types, nested very deep; text that is no JSON; and bytes that
 * are no WebSocket frame. The same seed gives the same frames.
 */
final class HostileFrames {
  private static final int FIN = 0x80;
  private static final List<ApiOperation<?, ?>> ROWS =
      ContractTable.rows().stream()
          .filter(ApiOperation::onSocket)
          .<ApiOperation<?, ?>>map(row -> row)
          .toList();
  private static final List<String> SCALARS =
      List.of(
          "null",
          "true",
          "-1",
          "0.5",
          "1e999",
          "9223372036854775808",
          "4294967297",
          "\"\"",
          "\"\\ud800\"",
          "\"\\u0000\\u001b[2J\"",
          "\"../../../etc/passwd\"",
          "\"'; DROP TABLE sessions; --\"",
          "[]",
          "{}",
          "[null]",
          "{\"\":{\"__proto__\":1}}");

  /** Characters of a value: a request of a few stays below what ends the connection. */
  private static final int MOST = 400_000;

  private final Random random;
  private final List<String> sessions;
  private int made;

  /** What to expect of the server. */
  enum Expected {
    /** One reply with the id of the request, or one error. */
    ANSWER,
    /** The end of the connection. */
    CLOSE
  }

  /**
   * @param requestId that an answer may echo
   */
  record HostileFrame(String requestId, Expected expected, byte[] bytes) {}

  /**
   * @param sessions ids of sessions that there are
   */
  HostileFrames(long seed, List<String> sessions) {
    this.random = new Random(seed);
    this.sessions = sessions;
  }

  HostileFrame next() {
    String id = "h" + made++;
    return switch (random.nextInt(100)) {
      case 0 -> closing(id);
      case 1 -> answered(id, RawWebSocket.text("x".repeat((1 << 20) + random.nextInt(1 << 20))));
      case 2, 3, 4, 5 -> answered(id, RawWebSocket.text(damaged(request(id))));
      case 6, 7 -> answered(id, RawWebSocket.text(SCALARS.get(random.nextInt(SCALARS.size()))));
      case 8 -> answered(id, RawWebSocket.text(nested(1 + random.nextInt(100_000))));
      default -> answered(id, message(request(id)));
    };
  }

  private static HostileFrame answered(String id, byte[] bytes) {
    return new HostileFrame(id, Expected.ANSWER, bytes);
  }

  private HostileFrame closing(String id) {
    byte[] bytes =
        switch (random.nextInt(8)) {
          case 0 -> RawWebSocket.frame(FIN | (3 + random.nextInt(5)), new byte[random.nextInt(9)]);
          case 1 -> RawWebSocket.frame(FIN | (11 + random.nextInt(5)), new byte[random.nextInt(9)]);
          case 2 -> RawWebSocket.frame(FIN | 0x10 << random.nextInt(3) | TEXT, new byte[3]);
          case 3 -> RawWebSocket.last(BINARY, bytes(random.nextInt(2000)));
          case 4 -> RawWebSocket.last(TEXT, new byte[] {'{', (byte) 0xff, '}'});
          case 5 -> new byte[] {(byte) (FIN | TEXT), 1, 'x'};
          case 6 -> RawWebSocket.last(CONTINUATION, new byte[1]);
          default -> new byte[] {(byte) (FIN | TEXT), (byte) 0xff, 0x7f, 0, 0, 0, 0, 0, 0, 0};
        };
    return new HostileFrame(id, Expected.CLOSE, bytes);
  }

  private byte[] bytes(int length) {
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    return bytes;
  }

  private String request(String id) {
    ApiOperation<?, ?> row = ROWS.get(random.nextInt(ROWS.size()));
    StringJoiner json = new StringJoiner(",", "{", "}");
    json.add("\"type\":\"" + row.name() + '"');
    for (Field field : row.fields()) {
      if (random.nextInt(12) > 0) {
        json.add('"' + field.name() + "\":" + value(field));
      }
      if (random.nextInt(60) == 0) {
        json.add('"' + field.name() + "\":" + value(field));
      }
    }
    if (random.nextInt(40) == 0) {
      json.add("\"unknown\":" + nested(random.nextInt(2000)));
    }
    return json.add("\"requestId\":\"" + id + '"').toString();
  }

  private String value(Field field) {
    return switch (random.nextInt(10)) {
      case 0 -> SCALARS.get(random.nextInt(SCALARS.size()));
      case 1 -> nested(1 + random.nextInt(3000));
      case 2 -> "1".repeat(1 + random.nextInt(random.nextInt(50) == 0 ? 400_000 : 400));
      case 3 -> outside(field);
      default -> inside(field);
    };
  }

  private String inside(Field field) {
    if (field.name().equals("sessionId") && random.nextInt(3) == 0) {
      return '"' + sessions.get(random.nextInt(sessions.size())) + '"';
    }
    if (!field.choices().isEmpty()) {
      return '"' + field.choices().get(random.nextInt(field.choices().size())) + '"';
    }
    return switch (field.kind()) {
      case STRING, BYTES -> string((int) Math.min(field.max(), random.nextInt(60) + field.min()));
      case INTEGER -> Long.toString(random.nextBoolean() ? field.min() : field.max());
      case BOOLEAN -> Boolean.toString(random.nextBoolean());
      case OBJECT -> random.nextBoolean() ? "{}" : "{\"approved\":true}";
      case ARRAY -> "[]";
    };
  }

  /** Just over its bounds. */
  private String outside(Field field) {
    return switch (field.kind()) {
      case STRING, BYTES -> string((int) Math.min(field.max() + 1, MOST));
      case INTEGER ->
          random.nextBoolean()
              ? Long.toString(field.min() - 1)
              : java.math.BigInteger.valueOf(field.max()).add(java.math.BigInteger.ONE).toString();
      case BOOLEAN -> "\"true\"";
      case OBJECT -> "{\"x\":" + string((int) Math.min(field.max() + 1, MOST)) + '}';
      case ARRAY -> "[" + "0,".repeat((int) Math.min(field.max(), 1000)) + "0]";
    };
  }

  private String string(int length) {
    String unit = List.of("a", "é", "😀", "\\n", "\\\"", "\\udc00").get(random.nextInt(6));
    int most = MOST / unit.length();
    return '"' + unit.repeat(Math.clamp(length, 0, most)) + '"';
  }

  private String nested(int depth) {
    return random.nextBoolean()
        ? "[".repeat(depth) + "]".repeat(depth)
        : "{\"a\":".repeat(depth) + "1" + "}".repeat(depth);
  }

  /** Cut, or with a wrong character in its first words: an error answers it, or it is whole. */
  private String damaged(String json) {
    if (random.nextBoolean()) {
      return json.substring(0, random.nextInt(json.length()));
    }
    int at = random.nextInt("{\"type\":\"".length());
    return json.substring(0, at) + (char) (32 + random.nextInt(95)) + json.substring(at + 1);
  }

  /** In one frame, or in several with pings and pongs between them. */
  private byte[] message(String json) {
    byte[] text = json.getBytes(StandardCharsets.UTF_8);
    if (random.nextInt(5) > 0) {
      return RawWebSocket.last(TEXT, text);
    }
    ByteArrayOutputStream frames = new ByteArrayOutputStream();
    int opcode = TEXT;
    int from = 0;
    for (int left = random.nextInt(4); left > 0; left--) {
      int to = from + random.nextInt(text.length - from + 1);
      frames.writeBytes(RawWebSocket.part(opcode, java.util.Arrays.copyOfRange(text, from, to)));
      if (random.nextBoolean()) {
        frames.writeBytes(RawWebSocket.last(random.nextBoolean() ? PING : PONG, new byte[5]));
      }
      opcode = CONTINUATION;
      from = to;
    }
    frames.writeBytes(
        RawWebSocket.last(opcode, java.util.Arrays.copyOfRange(text, from, text.length)));
    return frames.toByteArray();
  }
}
