package dev.concert.coordinator.egress;

import static dev.concert.coordinator.egress.NetworkHarness.await;
import static dev.concert.coordinator.egress.SocketClient.exchange;
import static dev.concert.coordinator.egress.policy.SomePolicy.allowing;
import static org.assertj.core.api.Assertions.assertThat;

import dev.concert.coordinator.egress.policy.EgressLimits;
import dev.concert.testing.Await;
import io.vertx.core.net.NetServer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** How many connections an agent may have open to its egress proxy. */
@Timeout(120)
class EgressConnectionLimitTest {
  private @TempDir Path folder;
  private NetworkHarness network;
  private NetServer echo;

  @BeforeEach
  void startServers() {
    network = new NetworkHarness(folder).name("echo.test", "127.0.0.1");
    echo =
        await(
            network
                .vertx()
                .createNetServer()
                .connectHandler(socket -> socket.pipeTo(socket))
                .listen(0, "127.0.0.1"));
  }

  @AfterEach
  void close() {
    network.close();
  }

  private String connectTo(int port) {
    return "CONNECT echo.test:%d HTTP/1.1\r\n\r\n".formatted(port);
  }

  @Test
  void oneConnectionTooManyIsRefusedAndARoomThatIsFreedIsUsedAgain() throws Exception {
    network.limits(new EgressLimits(4, 4, Duration.ofSeconds(10), Duration.ofMinutes(1)));
    Path socket = network.proxy(allowing("echo.test:" + echo.actualPort()));
    List<SocketClient> tunnels = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      SocketClient agent = SocketClient.connect(socket);
      tunnels.add(agent);
      agent.send(connectTo(echo.actualPort()));
      assertThat(agent.readUntil("\r\n\r\n")).startsWith("HTTP/1.1 200");
    }

    assertThat(exchange(socket, connectTo(echo.actualPort())))
        .startsWith("HTTP/1.1 503")
        .contains("has 4 connections open");

    tunnels.removeFirst().close();
    network.awaitEvent("closed echo.test:" + echo.actualPort());
    try (SocketClient agent = SocketClient.connect(socket)) {
      agent.send(connectTo(echo.actualPort()));
      assertThat(agent.readUntil("\r\n\r\n")).startsWith("HTTP/1.1 200");
    }
    tunnels.forEach(SocketClient::close);
  }

  @Test
  void anAgentThatOpensConnectionsAndSaysNothingIsHungUpOnBeyondABound() throws Exception {
    network.limits(new EgressLimits(4, 4, Duration.ofSeconds(10), Duration.ofMinutes(1)));
    Path socket = network.proxy(allowing("echo.test:" + echo.actualPort()));
    List<SocketClient> silent = new ArrayList<>();
    for (int i = 0; i < 4 + AgentServer.SPARE; i++) {
      silent.add(SocketClient.connect(socket));
    }

    try (SocketClient oneMore = SocketClient.connect(socket)) {
      assertThat(oneMore.rest()).isEmpty();
    }

    silent.forEach(SocketClient::close);
    Await.until(
        "the freed connections",
        () -> {
          try {
            return exchange(socket, "CONNECT x HTTP/1.1\r\n\r\n").startsWith("HTTP/1.1 400");
          } catch (java.io.IOException e) {
            return false;
          }
        });
  }

  @Test
  void tunnelsThatEndedDoNotCountAsConnections() throws Exception {
    network.limits(new EgressLimits(2, 4, Duration.ofSeconds(10), Duration.ofMinutes(1)));
    Path socket = network.proxy(allowing("echo.test:" + echo.actualPort()));
    for (int i = 0; i < 3 * (2 + AgentServer.SPARE); i++) {
      try (SocketClient agent = SocketClient.connect(socket)) {
        agent.send(connectTo(echo.actualPort()));
        assertThat(agent.readUntil("\r\n\r\n")).startsWith("HTTP/1.1 200");
      }
      int number = i + 1;
      Await.until(
          "the end of the tunnel",
          () -> network.events().stream().filter(e -> e.startsWith("closed")).count() == number);
    }
  }
}
