package dev.concert.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.concert.gateway.GatewayForHttp;
import dev.concert.testing.Await;
import dev.concert.testing.RawWebSocket;
import dev.concert.testing.RequiresRoot;
import dev.concert.testing.Shell;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Who gets as far as the gateway's routes. */
class AccessTest {
  private static final long DRIP_NANOS = 200_000_000;

  @TempDir static Path data;
  private static GatewayForHttp gateway;

  @BeforeAll
  static void start() {
    gateway = GatewayForHttp.start(data.resolve("data"));
  }

  @AfterAll
  static void stop() {
    gateway.close();
  }

  private static String as(String user, String path) {
    return new Shell(data)
        .run(
            "cd /; setpriv --reuid=%s --regid=%s --clear-groups curl -s http://127.0.0.1:%d%s"
                .formatted(user, user, gateway.port(), path));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"/api/sessions/s/files", "/metrics", "/", "/ws", "/sync?session=s", "/no"})
  @RequiresRoot("becomes another user")
  void aProgramOfAnotherUserIsRefused(String path) {
    assertThat(as("65534", path)).contains("CALLER_REFUSED", "\"status\":403");
    assertThat(as("0", path)).doesNotContain("CALLER_REFUSED");
  }

  @Test
  @RequiresRoot("becomes another user")
  void anybodyMayAskForHealth() {
    assertThat(as("65534", "/health")).contains("\"podium\"");
  }

  private static Socket connect() throws IOException {
    Socket socket = new Socket("127.0.0.1", gateway.port());
    socket.setSoTimeout(60_000);
    return socket;
  }

  private static String answer(Socket socket, String request) throws IOException {
    socket.getOutputStream().write(ascii(request));
    return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
  }

  private static String head(String line, String... headers) {
    return "%s HTTP/1.1\r\nHost: localhost:%d\r\nConnection: close\r\n%s\r\n"
        .formatted(
            line,
            gateway.port(),
            String.join("", List.of(headers).stream().map(one -> one + "\r\n").toList()));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Origin: http://localhost:1",
        "Origin: https://localhost:PORT",
        "Sec-Fetch-Site: cross-site",
        "Sec-Fetch-Site: same-site"
      })
  void anotherPageOfThisMachineIsRefused(String header) throws IOException {
    try (Socket socket = connect()) {
      String foreign = header.replace("PORT", Integer.toString(gateway.port()));

      assertThat(answer(socket, head("GET /metrics", foreign)))
          .startsWith("HTTP/1.1 403")
          .contains("ORIGIN_REFUSED");
    }
  }

  @Test
  void aLinkOfAnotherSiteOpensThePage() throws IOException {
    try (Socket socket = connect()) {
      assertThat(
              answer(
                  socket,
                  head(
                      "GET /",
                      "Sec-Fetch-Site: cross-site",
                      "Sec-Fetch-Mode: navigate",
                      "Sec-Fetch-Dest: document")))
          .doesNotContain("ORIGIN_REFUSED");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Sec-WebSocket-Version: 8\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
        "Sec-WebSocket-Key1: 1\r\nSec-WebSocket-Key2: 2",
        "Sec-WebSocket-Version: 13"
      })
  void aHandshakeThatIsNotThatOfTheRfcIsAnswered(String headers) throws IOException {
    try (Socket socket = connect()) {
      String request =
          "GET /ws HTTP/1.1\r\nHost: localhost:%d\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
              .formatted(gateway.port());
      socket.getOutputStream().write(ascii(request + headers + "\r\n\r\n"));

      byte[] status = socket.getInputStream().readNBytes(12);

      assertThat(new String(status, StandardCharsets.US_ASCII)).startsWith("HTTP/1.1 4");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "GET /%s HTTP/1.1, '', 414, MESSAGE_TOO_LARGE",
    "GET / HTTP/1.1, 'X-Long: %s', 431, MESSAGE_TOO_LARGE"
  })
  void whatIsNoRequestOrTooLongAOneIsAProblem(String line, String header, int status, String code)
      throws IOException {
    String large = "x".repeat(70_000);
    try (Socket socket = connect()) {
      String answer =
          answer(
              socket,
              line.replace("%s", large) + "\r\n" + header.replace("%s", large) + "\r\n\r\n");

      assertThat(answer)
          .startsWith("HTTP/1.")
          .contains(" " + status + " ", "application/problem+json", code);
    }
  }

  @Test
  void aConnectionWithoutACompleteRequestIsClosedHoweverSlowlyItsBytesCome() throws Exception {
    try (Socket silent = connect();
        Socket half = connect();
        Socket handshake = connect();
        Socket dripping = connect()) {
      half.getOutputStream().write(ascii("GET /health HTTP/1.1\r\nHost: loc"));
      handshake.getOutputStream().write(ascii("GET /ws HTTP/1.1\r\nUpgrade: w"));
      dripping.getOutputStream().write(ascii("GET / HTTP/1.1\r\nX: "));
      Thread drip = Thread.ofVirtual().start(() -> drip(dripping));

      for (Socket one : List.of(silent, half, handshake, dripping)) {
        assertThat(readToEnd(one.getInputStream())).isZero();
      }
      drip.interrupt();
    }
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  private static void drip(Socket socket) {
    try {
      while (!Thread.currentThread().isInterrupted()) {
        socket.getOutputStream().write('x');
        LockSupport.parkNanos(DRIP_NANOS);
      }
    } catch (IOException ended) {
      // As it should.
    }
  }

  private static int readToEnd(InputStream input) {
    try {
      return input.readAllBytes().length;
    } catch (IOException reset) {
      return 0;
    }
  }

  @Test
  void silentConnectionsGiveWayToThoseThatAskForSomething() throws IOException {
    List<Socket> silent = new ArrayList<>();
    try {
      for (int i = 0; i < 2_500; i++) {
        silent.add(connect());
      }
      try (RawWebSocket client = RawWebSocket.open(gateway.port(), "/ws")) {
        client.send(RawWebSocket.text("{\"type\":\"ping\"}"));

        assertThat(client.awaitText("pong")).isNotEmpty();
      }
      Await.until(() -> isClosed(silent.getFirst()));
    } finally {
      for (Socket one : silent) {
        one.close();
      }
    }
  }

  @Test
  void ofManyThatConnectAtOnceNoneIsClosedBeforeItsRequestIsRead() throws IOException {
    List<Socket> many = new ArrayList<>();
    long began = System.nanoTime();
    try {
      // More than two listeners let wait for long.
      for (int i = 0; i < 1_500; i++) {
        many.add(connect());
      }
      for (Socket one : many) {
        one.getOutputStream().write(ascii(head("GET /health")));
      }
      assumeTrue(System.nanoTime() - began < TimeUnit.SECONDS.toNanos(4), "this machine is busy");
      for (Socket one : many) {
        assertThat(new String(one.getInputStream().readNBytes(8), StandardCharsets.US_ASCII))
            .isEqualTo("HTTP/1.1");
      }
    } finally {
      for (Socket one : many) {
        one.close();
      }
    }
  }

  private static boolean isClosed(Socket socket) {
    try {
      socket.setSoTimeout(10);
      return socket.getInputStream().read() < 0;
    } catch (java.net.SocketTimeoutException open) {
      return false;
    } catch (IOException reset) {
      return true;
    }
  }
}
