package dev.concert.coordinator.egress;

import static dev.concert.coordinator.egress.NetworkHarness.await;
import static dev.concert.coordinator.egress.SocketClient.exchange;
import static dev.concert.coordinator.egress.policy.SomePolicy.allowing;
import static dev.concert.coordinator.egress.policy.SomePolicy.open;
import static org.assertj.core.api.Assertions.assertThat;

import dev.concert.coordinator.egress.policy.EgressLimits;
import dev.concert.testing.Await;
import io.vertx.core.http.HttpServer;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** An agent on its proxy's Unix socket, with real servers behind. */
@Timeout(120)
class EgressProxyTest {
  private @TempDir Path folder;
  private NetworkHarness network;
  private HttpServer web;
  private NetServer echo;

  @BeforeEach
  void startServers() {
    network =
        new NetworkHarness(folder).name("web.test", "127.0.0.1").name("echo.test", "127.0.0.1");
    web =
        await(
            network
                .vertx()
                .createHttpServer()
                .requestHandler(
                    request ->
                        request
                            .body()
                            .onSuccess(
                                body ->
                                    request
                                        .response()
                                        .end(
                                            "%s %s host=%s proxy=%s %s"
                                                .formatted(
                                                    request.method(),
                                                    request.uri(),
                                                    request.authority(),
                                                    request.getHeader("Proxy-Authorization"),
                                                    body))))
                .listen(0, "127.0.0.1"));
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
  void aTunnelCarriesBytesBothWaysAndIsCounted() throws Exception {
    Path socket = network.proxy(allowing("echo.test:" + echo.actualPort()));
    try (SocketClient agent = SocketClient.connect(socket)) {
      agent.send(connectTo(echo.actualPort()));
      assertThat(agent.readUntil("\r\n\r\n")).startsWith("HTTP/1.1 200");

      assertThat(agent.send("hello").readUntil("hello")).isEqualTo("hello");
    }
    network.awaitEvent("closed echo.test:%d 5 5".formatted(echo.actualPort()));
  }

  @Test
  void plainHttpIsForwardedInOriginForm() throws Exception {
    Path socket = network.proxy(allowing("web.test:" + web.actualPort()));

    String answer =
        exchange(
            socket,
            """
            POST http://web.test:%d/a?b=c HTTP/1.1\r
            Host: other.example\r
            Proxy-Authorization: Basic c2VjcmV0\r
            Content-Length: 2\r
            Connection: close\r
            \r
            hi\
            """
                .formatted(web.actualPort()));

    assertThat(answer)
        .startsWith("HTTP/1.1 200")
        .contains("POST /a?b=c host=web.test:%d proxy=null hi".formatted(web.actualPort()));
    network.awaitEvent("closed web.test:" + web.actualPort());
  }

  @Test
  void allRequestsThatAnAgentMayHaveOpenReachOneServerAtOnce() throws Exception {
    AtomicInteger arrived = new AtomicInteger();
    HttpServer holding =
        await(
            network
                .vertx()
                .createHttpServer()
                .requestHandler(_ -> arrived.incrementAndGet())
                .listen(0, "127.0.0.1"));
    Path socket = network.proxy(allowing("web.test:" + holding.actualPort()));
    List<SocketClient> agents = new ArrayList<>();
    for (int i = 0; i < 12; i++) {
      agents.add(
          SocketClient.connect(socket)
              .send(
                  "GET http://web.test:%d/ HTTP/1.1\r\nHost: x\r\n\r\n"
                      .formatted(holding.actualPort())));
    }
    Await.until("all of them", () -> arrived.get() == 12);
    agents.forEach(SocketClient::close);
  }

  @Test
  void whatWasSentOfARequestThatIsCutIsCounted() throws Exception {
    Path socket = network.proxy(allowing("web.test:" + web.actualPort()));
    try (SocketClient agent = SocketClient.connect(socket)) {
      agent.send(
          "POST http://web.test:%d/ HTTP/1.1\r\nHost: x\r\nContent-Length: 2000000\r\n\r\n%s"
              .formatted(web.actualPort(), "x".repeat(1_000_000)));
    }
    network.awaitEvent("closed web.test:%d 1000000 0".formatted(web.actualPort()));
  }

  @Test
  void aConnectionServesOneRequestAfterTheOther() throws Exception {
    Path socket = network.proxy(allowing("web.test:" + web.actualPort()));
    String request = "GET http://web.test:%d/%d HTTP/1.1\r\nHost: web.test\r\n\r\n";
    try (SocketClient agent = SocketClient.connect(socket)) {
      for (int number = 1; number <= 3; number++) {
        agent.send(request.formatted(web.actualPort(), number));
        assertThat(agent.readUntil("proxy=null ")).contains("GET /" + number);
      }
    }
  }

  @Test
  void aNameThatResolvesToAPrivateAddressIsRefusedWithASentence() throws Exception {
    network.name("rebound.example", "10.0.0.1");
    Path socket = network.proxy(open());

    String connect = exchange(socket, "CONNECT rebound.example:443 HTTP/1.1\r\n\r\n");
    String plain =
        exchange(
            socket, "GET http://rebound.example/ HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");

    String sentence =
        "rebound.example:443 resolves to 10.0.0.1 and is not on the public internet: agents may not"
            + " reach private addresses or this server.";
    assertThat(connect)
        .startsWith("HTTP/1.1 403 " + sentence)
        .contains("X-Concert-Egress: " + sentence)
        .endsWith("\r\n\r\n" + sentence + "\n");
    assertThat(plain)
        .startsWith("HTTP/1.1 403")
        .contains("rebound.example:80 resolves to 10.0.0.1");
    network.awaitEvent("refused rebound.example:443");
  }

  @Test
  void concertsOwnPortsAreRefusedAlsoWhereTheListNamesThem() throws Exception {
    int port = web.actualPort();
    network.ownPort(port);
    Path socket = network.proxy(open("127.0.0.1:" + port, "web.test:" + port));

    for (String host : List.of("127.0.0.1", "web.test", "127.1.2.3", "[::ffff:127.0.0.1]")) {
      assertThat(exchange(socket, "CONNECT %s:%d HTTP/1.1\r\n\r\n".formatted(host, port)))
          .as(host)
          .startsWith("HTTP/1.1 403");
    }
  }

  @Test
  void whatCannotBeReachedIsASentenceToo() throws Exception {
    int closed = network.closedPort();
    Path socket = network.proxy(open("echo.test:" + closed));

    assertThat(exchange(socket, connectTo(closed)))
        .startsWith("HTTP/1.1 502")
        .contains("echo.test:%d cannot be reached".formatted(closed));
    assertThat(exchange(socket, "CONNECT nowhere.example:443 HTTP/1.1\r\n\r\n"))
        .startsWith("HTTP/1.1 502")
        .contains("The name nowhere.example does not resolve");
  }

  @Test
  void aServerThatNeverAnswersIsGivenUpAndSaidSo() throws Exception {
    network.limits(new EgressLimits(8, 4, Duration.ofSeconds(10), Duration.ofMillis(300)));
    Queue<NetSocket> silent = new ConcurrentLinkedQueue<>();
    int port =
        await(network.vertx().createNetServer().connectHandler(silent::add).listen(0, "127.0.0.1"))
            .actualPort();
    Path socket = network.proxy(allowing("web.test:" + port));
    String request = "GET http://web.test:%d/ HTTP/1.1\r\nHost: x\r\n\r\n".formatted(port);

    assertThat(exchange(socket, request))
        .startsWith("HTTP/1.1 504")
        .contains("web.test:%d does not answer".formatted(port));
    assertThat(silent).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GET /local HTTP/1.1\r\nHost: x",
        "GET ftp://a/b HTTP/1.1\r\nHost: x",
        "GET https://a/b HTTP/1.1\r\nHost: x",
        "GET http://user:word@a/b HTTP/1.1\r\nHost: x",
        "GET http:///b HTTP/1.1\r\nHost: x",
        "GET http://a:0/b HTTP/1.1\r\nHost: x",
        "CONNECT a HTTP/1.1",
        "CONNECT a:99999 HTTP/1.1",
        "CONNECT http://a:80 HTTP/1.1",
        "OPTIONS * HTTP/1.1\r\nHost: x"
      })
  void whatIsNoRequestToAProxyIsRefusedWithoutConnecting(String request) throws Exception {
    Path socket = network.proxy(open());

    assertThat(exchange(socket, request + "\r\n\r\n")).startsWith("HTTP/1.1 400");
    assertThat(network.events()).isEmpty();
  }

  @Test
  void headersBeyondTheBoundAreRefused() throws Exception {
    Path socket = network.proxy(open());

    assertThat(
            exchange(
                socket,
                "GET http://a/ HTTP/1.1\r\nHost: a\r\nX: %s\r\n\r\n".formatted("x".repeat(40_000))))
        .startsWith("HTTP/1.1 431");
  }

  @Test
  void aDestinationThatReadsNothingStopsTheAgentFromWriting() throws Exception {
    AtomicInteger read = new AtomicInteger();
    Queue<NetSocket> destinations = new ConcurrentLinkedQueue<>();
    int port =
        await(
                network
                    .vertx()
                    .createNetServer()
                    .connectHandler(
                        socket -> {
                          socket.handler(bytes -> read.addAndGet(bytes.length()));
                          socket.pause();
                          destinations.add(socket);
                        })
                    .listen(0, "127.0.0.1"))
            .actualPort();
    Path socket = network.proxy(allowing("echo.test:" + port));
    int total = 64 << 20;
    AtomicInteger written = new AtomicInteger();
    try (SocketClient agent = SocketClient.connect(socket)) {
      agent.send(connectTo(port));
      agent.readUntil("\r\n\r\n");
      Thread writer =
          Thread.ofVirtual()
              .start(
                  () -> {
                    try {
                      while (written.get() < total) {
                        agent.send("x".repeat(1 << 16));
                        written.addAndGet(1 << 16);
                      }
                    } catch (java.io.IOException e) {
                      throw new java.io.UncheckedIOException(e);
                    }
                  });

      Await.until("a writer that waits", () -> isStill(written));
      assertThat(written.get()).isLessThan(total / 2);

      destinations.forEach(NetSocket::resume);
      writer.join();
      Await.until("every byte", () -> read.get() == total);
    }
  }

  /** Whether nothing was added for a while. */
  private static boolean isStill(AtomicInteger count) {
    int before = count.get();
    java.util.concurrent.locks.LockSupport.parkNanos(Duration.ofMillis(300).toNanos());
    return before > 0 && count.get() == before;
  }

  @Test
  void anAgentThatHangsUpEndsTheConnectionToItsDestination() throws Exception {
    AtomicInteger open = new AtomicInteger();
    int port =
        await(
                network
                    .vertx()
                    .createNetServer()
                    .connectHandler(
                        socket -> {
                          open.incrementAndGet();
                          socket.closeHandler(_ -> open.decrementAndGet());
                        })
                    .listen(0, "127.0.0.1"))
            .actualPort();
    Path socket = network.proxy(allowing("echo.test:" + port));
    try (SocketClient agent = SocketClient.connect(socket)) {
      agent.send(connectTo(port));
      agent.readUntil("\r\n\r\n");
      Await.until("the connection", () -> open.get() == 1);
    }
    Await.until("its end", () -> open.get() == 0);
  }

  @Test
  void aDestinationThatEndsEndsTheTunnelAfterItsLastByte() throws Exception {
    int port =
        await(
                network
                    .vertx()
                    .createNetServer()
                    .connectHandler(socket -> socket.end(io.vertx.core.buffer.Buffer.buffer("bye")))
                    .listen(0, "127.0.0.1"))
            .actualPort();
    Path socket = network.proxy(allowing("echo.test:" + port));

    assertThat(exchange(socket, connectTo(port))).endsWith("\r\n\r\nbye");
  }
}
