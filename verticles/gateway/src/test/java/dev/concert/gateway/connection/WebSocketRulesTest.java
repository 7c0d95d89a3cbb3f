package dev.concert.gateway.connection;

import static dev.concert.testing.RawWebSocket.BINARY;
import static dev.concert.testing.RawWebSocket.CLOSE;
import static dev.concert.testing.RawWebSocket.CONTINUATION;
import static dev.concert.testing.RawWebSocket.PING;
import static dev.concert.testing.RawWebSocket.PONG;
import static dev.concert.testing.RawWebSocket.TEXT;
import static dev.concert.testing.RawWebSocket.frame;
import static dev.concert.testing.RawWebSocket.last;
import static dev.concert.testing.RawWebSocket.part;
import static dev.concert.testing.RawWebSocket.text;
import static org.assertj.core.api.Assertions.assertThat;

import dev.concert.gateway.GatewayForHttp;
import dev.concert.testing.RawWebSocket;
import dev.concert.testing.RawWebSocket.Frame;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What RFC 6455 and the limits of the protocol make of a client's frames. */
class WebSocketRulesTest {
  private static final int RATE = 4429;
  private static final int FIN = 0x80;
  private static final int RSV1 = 0x40;
  private static final byte[] NOTHING = {};

  @TempDir static Path data;
  private static GatewayForHttp gateway;

  @BeforeAll
  static void start() {
    gateway = GatewayForHttp.start(data);
  }

  @AfterAll
  static void stop() {
    gateway.close();
  }

  private static RawWebSocket open() {
    return RawWebSocket.open(gateway.port(), "/ws");
  }

  private static byte[] bytes(int... values) {
    byte[] bytes = new byte[values.length];
    for (int i = 0; i < values.length; i++) {
      bytes[i] = (byte) values[i];
    }
    return bytes;
  }

  /** Text of so many bytes, one of which begins no character. */
  private static byte[] wrongAt(int at, int length) {
    byte[] bytes = "x".repeat(length).getBytes(StandardCharsets.US_ASCII);
    bytes[at] = (byte) 0xff;
    return bytes;
  }

  private static byte[] ping(String requestId) {
    return text("{\"type\":\"ping\",\"requestId\":\"" + requestId + "\"}");
  }

  static Stream<Arguments> violations() {
    byte[] half = bytes(0xc3);
    byte[] surrogate = bytes('"', 0xed, 0xa0, 0x80, '"');
    return Stream.of(
        violation("a data frame with a reserved opcode", 1002, frame(FIN | 3, NOTHING)),
        violation("a control frame with a reserved opcode", 1002, frame(FIN | 11, NOTHING)),
        violation("a reserved bit", 1002, frame(FIN | RSV1 | TEXT, bytes('x'))),
        violation("a frame without a mask", 1002, bytes(FIN | TEXT, 1, 'x')),
        violation("a ping in fragments", 1002, part(PING, NOTHING)),
        violation("a ping of more than 125 bytes", 1002, last(PING, new byte[126])),
        violation("a continuation of nothing", 1002, last(CONTINUATION, bytes('x'))),
        violation(
            "a message inside a message", 1002, part(TEXT, bytes('x')), last(TEXT, bytes('x'))),
        violation("a close frame of one byte", 1002, last(CLOSE, bytes(3))),
        violation("a close code that nobody may send", 1002, last(CLOSE, bytes(3, 0xed))),
        violation("a length with leading zeros", 1002, bytes(FIN | TEXT, 0xfe, 0, 5, 1, 2, 3, 4)),
        violation(
            "a negative length", 1002, bytes(FIN | TEXT, 0xff, 0xff, 0, 0, 0, 0, 0, 0, 0, 1, 2)),
        violation("a close reason that is not UTF-8", 1007, last(CLOSE, bytes(3, 0xe8, 0xff))),
        violation("text that is not UTF-8", 1007, last(TEXT, bytes('{', 0xff, '}'))),
        violation("a wrong byte in a long text", 1007, last(TEXT, wrongAt(12, 30))),
        violation("a wrong byte at the end of a text", 1007, last(TEXT, wrongAt(19, 20))),
        violation("text that ends inside a character", 1007, last(TEXT, half)),
        violation("half a surrogate pair", 1007, last(TEXT, surrogate)),
        violation(
            "a wrong character over two fragments",
            1007,
            part(TEXT, half),
            last(CONTINUATION, bytes(0xff))),
        violation(
            "a message of more than 4 MiB in one frame",
            1009,
            bytes(FIN | TEXT, 0xff, 0, 0, 0, 0, 0, 0x40, 0, 1, 1, 2, 3, 4, 'x')),
        violation(
            "a message of more than 4 MiB in fragments",
            1009,
            part(TEXT, new byte[3 << 20]),
            last(CONTINUATION, new byte[2 << 20])),
        violation("very many fragments", 1008, part(TEXT, NOTHING), continuations(5000)));
  }

  private static byte[] continuations(int count) {
    byte[] one = part(CONTINUATION, NOTHING);
    byte[] all = new byte[count * one.length];
    for (int i = 0; i < count; i++) {
      System.arraycopy(one, 0, all, i * one.length, one.length);
    }
    return all;
  }

  private static Arguments violation(String what, int code, byte[]... frames) {
    return Arguments.of(what, code, List.of(frames));
  }

  @ParameterizedTest(name = "{0}: {1}")
  @MethodSource("violations")
  void aViolationClosesTheConnectionWithTheCodeOfTheRfc(
      String what, int code, List<byte[]> frames) {
    try (RawWebSocket socket = open()) {
      frames.forEach(socket::send);

      assertThat(socket.awaitClose()).as(what).isEqualTo(code);
    }
  }

  @Test
  void anEndlessFrameThatIsTooLargeIsNotReadAnyFurther() {
    try (RawWebSocket socket = open()) {
      socket.send(bytes(FIN | TEXT, 0xff, 0x7f, 0, 0, 0, 0, 0, 0, 0, 1, 2, 3, 4));
      Thread sender =
          Thread.ofVirtual()
              .start(
                  () -> {
                    byte[] more = new byte[1 << 16];
                    while (socket.send(more)) {
                      // Until the server ends the connection.
                    }
                  });

      assertThat(socket.awaitClose()).isEqualTo(1009);
      assertThat(socket.read()).isEmpty();
      assertThat(sender).isNotNull();
    }
  }

  @Test
  void aBinaryMessageClosesTheConnectionWithTheProtocolsOwnCode() {
    try (RawWebSocket socket = open()) {
      socket.send(last(BINARY, bytes(1, 2, 3)));

      assertThat(socket.awaitClose()).isEqualTo(4400);
    }
  }

  @Test
  void aMessageInFragmentsIsAnsweredAlsoWithAnEmptyFirstOneAndPingsBetween() {
    try (RawWebSocket socket = open()) {
      socket.send(part(TEXT, NOTHING));
      socket.send(last(PING, bytes('a')));
      socket.send(part(CONTINUATION, "{\"type\":\"ping\",".getBytes(StandardCharsets.UTF_8)));
      socket.send(last(PING, bytes('b')));
      socket.send(last(CONTINUATION, "\"requestId\":\"é\"}".getBytes(StandardCharsets.UTF_8)));

      assertThat(socket.await(PONG).payload()).isEqualTo(bytes('a'));
      assertThat(socket.await(PONG).payload()).isEqualTo(bytes('b'));
      assertThat(socket.awaitText("\"pong\"")).contains("\"requestId\":\"é\"");
    }
  }

  @Test
  void aMessageOfOneToFourMebibytesIsRefusedAndTheConnectionStays() {
    try (RawWebSocket socket = open()) {
      socket.send(text("x".repeat((1 << 20) + 1)));
      socket.send(text("x".repeat(4 << 20)));

      assertThat(socket.awaitText("\"error\"")).contains("MESSAGE_TOO_LARGE");
      assertThat(socket.awaitText("\"error\"")).contains("MESSAGE_TOO_LARGE");
      socket.send(ping("after"));
      assertThat(socket.awaitText("\"pong\"")).contains("after");
    }
  }

  @Test
  void messagesThatAreTooLargeCountIntoTheRate() {
    try (RawWebSocket socket = open()) {
      for (int i = 0; i < MessageRate.MESSAGES - 1; i++) {
        socket.send(ping("small " + i));
        socket.awaitText("\"pong\"");
      }
      socket.send(text("x".repeat((1 << 20) + 1)));
      socket.awaitText("MESSAGE_TOO_LARGE");

      socket.send(ping("one more"));

      assertThat(socket.awaitText("\"error\"")).contains("RATE_LIMITED");
    }
  }

  @Test
  void aRefusalForTheRateEchoesTheRequestId() {
    try (RawWebSocket socket = open()) {
      for (int i = 0; i <= MessageRate.MESSAGES; i++) {
        socket.send(ping("id-" + i));
      }

      assertThat(socket.awaitText("RATE_LIMITED")).contains("\"requestId\":\"id-60\"");
    }
  }

  @Test
  void pingsCountIntoTheRateOfMessages() {
    try (RawWebSocket socket = open()) {
      for (int i = 0; i < MessageRate.MESSAGES; i++) {
        socket.send(last(PING, bytes(i)));
      }
      socket.send(ping("over"));

      assertThat(socket.awaitText("\"error\"")).contains("RATE_LIMITED", "over");
    }
  }

  @Test
  void aFloodOfPingsIsAnsweredUpToTheRateAndThenEndsTheConnection() {
    try (RawWebSocket socket = open()) {
      Thread flood = flood(socket);
      int pongs = 0;
      int code = RawWebSocket.ABNORMAL;
      for (Optional<Frame> next = socket.read(); next.isPresent(); next = socket.read()) {
        if (next.get().opcode() == PONG) {
          pongs++;
        } else if (next.get().opcode() == CLOSE) {
          code = next.get().closeCode();
          break;
        }
      }

      assertThat(code).isEqualTo(RATE);
      assertThat(pongs).isBetween(1, 2 * MessageRate.MESSAGES);
      flood.interrupt();
    }
  }

  @Test
  void aFloodOfPingsFromAClientThatNeverReadsEndsItsConnection() throws Exception {
    try (RawWebSocket socket = open()) {
      Thread flood = flood(socket);

      // It ends when the server takes no more.
      flood.join();
    }
  }

  private static Thread flood(RawWebSocket socket) {
    byte[] ping = last(PING, new byte[125]);
    return Thread.ofVirtual()
        .start(
            () -> {
              while (socket.send(ping)) {
                // Until the server ends the connection.
              }
            });
  }
}
