package dev.concert.platform.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import dev.concert.client.ClientException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Where the commands look for a server. */
class RunningServerTest {
  private HttpServer server;
  private String port;

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    port = Integer.toString(server.getAddress().getPort());
    answer("{\"parts\":{\"podium\":{}}}");
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  private void answer(String health) {
    byte[] body = health.getBytes(StandardCharsets.UTF_8);
    server.createContext(
        "/health",
        exchange -> {
          exchange.sendResponseHeaders(200, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
  }

  @Test
  void itIsWhereThePortSaysAndTheUrlComesFirst() {
    String url = "http://127.0.0.1:" + port;
    assertThat(RunningServer.find(Map.of("PORT", " " + port))).contains(url);
    assertThat(RunningServer.require(Map.of("PORT", port, "CONCERT_URL", " "))).isEqualTo(url);
    assertThat(RunningServer.find(Map.of("PORT", "1", "CONCERT_URL", url + "/")))
        .contains(url + "/");
  }

  @Test
  void itIsNoOtherServerThatAnswersThere() {
    server.removeContext("/health");
    answer("{}");
    assertThat(RunningServer.find(Map.of("PORT", port))).isEmpty();
    assertThatThrownBy(() -> RunningServer.require(Map.of("PORT", port)))
        .isInstanceOf(ClientException.class)
        .hasMessageContaining("http://127.0.0.1:" + port)
        .hasMessageContaining("concert up");
  }
}
