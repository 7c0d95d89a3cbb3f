package dev.concert.platform.turn;

import static org.assertj.core.api.Assertions.assertThat;

import dev.concert.platform.harness.RunningPlatform;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A page that a developer happens to visit may not speak to their agents. */
class OriginTest {
  @RegisterExtension static final RunningPlatform PLATFORM = new RunningPlatform();

  @Test
  void aProgramAndThePageItselfMayConnect() throws IOException {
    int port = port();

    assertThat(upgrade("127.0.0.1:" + port, null)).contains(" 101 ");
    assertThat(upgrade("localhost:" + port, "http://localhost:" + port)).contains(" 101 ");
    assertThat(upgrade("LOCALHOST:" + port, "http://localhost:" + port)).contains(" 101 ");
  }

  @Test
  void aProgramThatAsksForHttp2IsServedByHttp1() throws Exception {
    try (HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_2).build()) {
      HttpRequest health = HttpRequest.newBuilder(URI.create(PLATFORM.url() + "/health")).build();

      assertThat(client.send(health, HttpResponse.BodyHandlers.ofString()).statusCode())
          .isEqualTo(200);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://localhost:3000",
        "https://127.0.0.1:PORT",
        "http://localhost:PORT",
        "http://evil.example",
        "https://localhost.evil.example",
        "http://127.0.0.1.evil.example:8080",
        "null",
        "file://",
        "http://localhost@evil.example"
      })
  void aPageFromElsewhereMayNot(String origin) throws IOException {
    String foreign = origin.replace("PORT", Integer.toString(port()));

    assertThat(upgrade("127.0.0.1:" + port(), foreign)).contains(" 403 ");
  }

  @ParameterizedTest
  @ValueSource(strings = {"evil.example", "rebound.example:8080", "127.0.0.1.evil.example", ""})
  void aNameThatWasMadeToPointHereMayNot(String host) throws IOException {
    assertThat(upgrade(host, null)).containsAnyOf(" 403 ", " 400 ");
    assertThat(request("GET /health", host, null)).containsAnyOf(" 403 ", " 400 ");
  }

  private static int port() {
    return URI.create(PLATFORM.url()).getPort();
  }

  private static String upgrade(String host, String origin) throws IOException {
    return request(
        "GET /ws",
        host,
        "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
            + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
            + (origin == null ? "" : "Origin: " + origin + "\r\n"));
  }

  /** The status line of the answer. */
  private static String request(String line, String host, String headers) throws IOException {
    try (Socket socket = new Socket("127.0.0.1", port())) {
      socket.setSoTimeout(10_000);
      String text =
          line + " HTTP/1.1\r\nHost: " + host + "\r\n" + (headers == null ? "" : headers) + "\r\n";
      socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
      byte[] answer = new byte[200];
      int length = socket.getInputStream().read(answer);
      return new String(answer, 0, Math.max(0, length), StandardCharsets.US_ASCII)
          .lines()
          .findFirst()
          .orElse("");
    }
  }
}
