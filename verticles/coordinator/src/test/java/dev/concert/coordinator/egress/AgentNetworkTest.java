package dev.concert.coordinator.egress;

import static dev.concert.coordinator.egress.NetworkHarness.await;
import static dev.concert.coordinator.egress.SocketClient.exchange;
import static dev.concert.coordinator.egress.policy.SomePolicy.allowing;
import static dev.concert.coordinator.egress.policy.SomePolicy.open;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.concert.coordinator.egress.policy.EgressPolicy;
import dev.concert.coordinator.sandbox.ForwardedPort;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The sockets of an agent, from their opening to their end. */
@Timeout(120)
class AgentNetworkTest {
  private static final URI ENSEMBLE = URI.create("http://127.0.0.1:1");

  private @TempDir Path folder;
  private NetworkHarness harness;

  @BeforeEach
  void prepare() {
    harness = new NetworkHarness(folder);
  }

  @AfterEach
  void close() {
    harness.close();
  }

  @Test
  void anAgentIsToldItsPortsItsVariablesAndWhereEnsembleIs() {
    AgentNetwork.Sockets sockets = harness.nextSockets();
    AgentNetwork network = harness.open(open(), Optional.empty(), ENSEMBLE, sockets);

    assertThat(network.ports())
        .extracting(ForwardedPort::socket)
        .containsExactly(sockets.proxy(), sockets.ensemble());
    String proxy = "http://127.0.0.1:" + network.ports().getFirst().port();
    assertThat(network.ensembleUrl())
        .isEqualTo("http://127.0.0.1:" + network.ports().getLast().port());
    assertThat(network.variables())
        .containsEntry("HTTP_PROXY", proxy)
        .containsEntry("http_proxy", proxy)
        .containsEntry("HTTPS_PROXY", proxy)
        .containsEntry("https_proxy", proxy)
        .containsEntry("ALL_PROXY", proxy)
        .containsEntry("all_proxy", proxy)
        .containsEntry("NO_PROXY", "localhost,127.0.0.1,::1")
        .containsEntry("no_proxy", "localhost,127.0.0.1,::1");
    assertThat(network.variables().get("MAVEN_OPTS")).contains("-Dhttps.proxyHost=127.0.0.1");
  }

  @Test
  void onlyTheOwnerOfASocketMayConnectToIt() throws Exception {
    AgentNetwork.Sockets sockets = harness.sockets(open(), Optional.empty(), ENSEMBLE);

    for (Path socket : new Path[] {sockets.proxy(), sockets.ensemble()}) {
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(socket)))
          .isEqualTo("rw-------");
    }
  }

  @Test
  void closingItHangsUpAndListensNoMore() throws Exception {
    AgentNetwork.Sockets sockets = harness.nextSockets();
    int port =
        await(
                harness
                    .vertx()
                    .createNetServer()
                    .connectHandler(socket -> socket.pipeTo(socket))
                    .listen(0, "127.0.0.1"))
            .actualPort();
    String echo = "127.0.0.1:" + port;
    AgentNetwork network = harness.open(open(echo), Optional.empty(), ENSEMBLE, sockets);
    try (SocketClient agent = SocketClient.connect(sockets.proxy())) {
      agent.send("CONNECT %s HTTP/1.1\r\n\r\n".formatted(echo)).readUntil("\r\n\r\n");
      await(network.close());

      assertThat(agent.rest()).isEmpty();
    }
    assertThatThrownBy(() -> SocketClient.connect(sockets.ensemble()))
        .isInstanceOf(java.io.IOException.class);
    assertThat(harness.events()).contains("ended");
  }

  @Test
  void whereASocketCannotBeMadeNothingListens() {
    AgentNetwork.Sockets sockets =
        new AgentNetwork.Sockets(folder.resolve("proxy"), folder.resolve("missing/ensemble"));

    assertThatThrownBy(() -> harness.open(open(), Optional.empty(), ENSEMBLE, sockets))
        .isInstanceOf(AssertionError.class);
    assertThatThrownBy(() -> SocketClient.connect(sockets.proxy()))
        .isInstanceOf(java.io.IOException.class);
  }

  @Test
  void twoAgentsHaveTheirPoliciesAtTheSameTime() throws Exception {
    harness.name("a.example", "10.0.0.1");
    Path open = harness.proxy(open());
    Path listed = harness.proxy(allowing("b.example"));
    Path none = harness.proxy(EgressPolicy.of(EgressPolicy.Mode.NONE, List.of("a.example:1"), "x"));
    String request = "CONNECT a.example:1 HTTP/1.1\r\n\r\n";

    assertThat(exchange(open, request)).contains("resolves to 10.0.0.1");
    assertThat(exchange(listed, request)).contains("does not allow a.example:1");
    assertThat(exchange(none, request)).contains("allows this agent no network");
    assertThat(exchange(open, request)).contains("resolves to 10.0.0.1");
  }
}
