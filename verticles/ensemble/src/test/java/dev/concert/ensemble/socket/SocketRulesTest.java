package dev.concert.ensemble.socket;

import static dev.concert.testing.RawWebSocket.CONTINUATION;
import static dev.concert.testing.RawWebSocket.PING;
import static dev.concert.testing.RawWebSocket.PONG;
import static dev.concert.testing.RawWebSocket.TEXT;
import static dev.concert.testing.RawWebSocket.frame;
import static dev.concert.testing.RawWebSocket.last;
import static dev.concert.testing.RawWebSocket.part;
import static dev.concert.testing.RawWebSocket.text;
import static org.assertj.core.api.Assertions.assertThat;

import dev.concert.ensemble.RunningEnsemble;
import dev.concert.ensemble.provider.chat.Upstream;
import dev.concert.testing.RawWebSocket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What RFC 6455 and Ensemble's limits make of a client's frames. */
class SocketRulesTest {
  private static final int FIN = 0x80;

  private static Upstream upstream;
  private static RunningEnsemble ensemble;

  @BeforeAll
  static void start() {
    upstream = new Upstream();
    ensemble = new RunningEnsemble(Upstream.options(upstream.url(), Duration.ofMinutes(10)));
  }

  @AfterAll
  static void stop() {
    ensemble.close();
    upstream.close();
  }

  private static RawWebSocket open() {
    return RawWebSocket.open(ensemble.port(), "/api/v1/ws");
  }

  static Stream<Arguments> violations() {
    byte[] wrong = {(byte) 0xff};
    byte[] half = {(byte) 0xc3};
    return Stream.of(
        Arguments.of("a reserved opcode", 1002, List.of(frame(FIN | 3, wrong))),
        Arguments.of("no mask", 1002, List.of(new byte[] {(byte) 0x81, 1, 'x'})),
        Arguments.of("a ping in fragments", 1002, List.of(part(PING, wrong))),
        Arguments.of("text that is not UTF-8", 1007, List.of(last(TEXT, wrong))),
        Arguments.of(
            "half a character",
            1007,
            List.of(part(TEXT, half), last(CONTINUATION, new byte[] {'x'}))),
        Arguments.of(
            "more than 32 MiB",
            1009,
            List.of(new byte[] {(byte) 0x81, (byte) 0xff, 0, 0, 0, 0, 3, 0, 0, 0, 1, 2, 3, 4})));
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
  void aMessageWithAnEmptyFirstFragmentIsAnswered() {
    try (RawWebSocket socket = open()) {
      socket.send(part(TEXT, new byte[0]));
      socket.send(last(PING, new byte[] {7}));
      socket.send(last(CONTINUATION, "{\"type\":\"ping\"}".getBytes(StandardCharsets.UTF_8)));

      assertThat(socket.await(PONG).payload()).isEqualTo(new byte[] {7});
      assertThat(socket.awaitText("pong")).isNotEmpty();
    }
  }

  @Test
  void aFloodOfPingsEndsTheConnection() {
    try (RawWebSocket socket = open()) {
      byte[] ping = last(PING, new byte[125]);
      for (int i = 0; i < 1_100 && socket.send(ping); i++) {
        // Nothing is read meanwhile.
      }

      assertThat(socket.awaitClose()).isEqualTo(1008);
    }
  }

  @Test
  void aClientThatReadsNoRepliesIsReadNoFurther() throws Exception {
    byte[] wrong = text("{" + " ".repeat(10_000));
    Thread sender;
    try (RawWebSocket socket = open()) {
      sender =
          Thread.ofVirtual()
              .start(
                  () -> {
                    for (int i = 0; i < 200_000 && socket.send(wrong); i++) {
                      // Its replies would fill the memory.
                    }
                  });

      assertThat(sender.join(Duration.ofSeconds(3))).isFalse();
    }
    sender.join();
  }
}
