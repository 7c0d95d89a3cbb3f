package dev.concert.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.concert.bus.Addresses;
import dev.concert.bus.ConcertBus;
import dev.concert.gateway.registry.Registries;
import dev.concert.protocol.SessionMeta;
import dev.concert.protocol.SessionState;
import dev.concert.testing.Await;
import dev.concert.workspace.WorkspaceMessages.OpenSync;
import dev.concert.workspace.WorkspaceMessages.SyncOpened;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.ServerWebSocket;
import io.vertx.core.http.UpgradeRejectedException;
import io.vertx.core.http.WebSocket;
import io.vertx.core.http.WebSocketClient;
import io.vertx.core.http.WebSocketConnectOptions;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who is let in to which workspace, with a played master behind the gateway. */
class SyncRouteTest {
  @TempDir Path data;
  private final List<String> asked = new CopyOnWriteArrayList<>();
  private final List<ServerWebSocket> masters = new CopyOnWriteArrayList<>();
  private RunningGateway gateway;
  private TestClient client;

  // Held, since Vert.x closes a client that nobody holds, in the middle of a handshake too.
  private WebSocketClient sockets;
  private String session;

  @BeforeEach
  void start() {
    insertForeignSession();
    gateway = RunningGateway.start(data);
    HttpServer master =
        RunningGateway.await(
            gateway
                .vertx
                .createHttpServer()
                .requestHandler(
                    request -> {
                      if ("Bearer one-time".equals(request.getHeader("Authorization"))) {
                        request.toWebSocket().onSuccess(masters::add);
                      } else {
                        request.response().setStatusCode(401).end();
                      }
                    })
                .listen(0, "127.0.0.1"));
    new ConcertBus(gateway.vertx)
        .serve(
            Addresses.OPEN_SYNC,
            (OpenSync request) -> {
              asked.add(request.workspaceId());
              return Future.succeededFuture(
                  new SyncOpened("127.0.0.1", master.actualPort(), "/sync", "one-time"));
            });
    sockets = gateway.vertx.createWebSocketClient();
    client = gateway.client();
    session = client.createSession();
  }

  private void insertForeignSession() {
    Vertx vertx = Vertx.vertx();
    Registries registries = new Registries(vertx, data.resolve("tenants"));
    SessionMeta foreign =
        new SessionMeta(
            "foreign",
            "other",
            "n",
            "echo",
            null,
            null,
            SessionState.INACTIVE,
            false,
            "u",
            1,
            1,
            0,
            null);
    RunningGateway.await(registries.insert(foreign).compose(_ -> registries.close()));
    RunningGateway.await(vertx.close());
  }

  @AfterEach
  void stop() {
    client.close();
    RunningGateway.await(sockets.close());
    gateway.close();
  }

  private Future<WebSocket> connect(String query, Optional<String> origin) {
    WebSocketConnectOptions options =
        new WebSocketConnectOptions()
            .setHost("127.0.0.1")
            .setPort(gateway.port)
            .setURI("/sync" + query);
    origin.ifPresent(from -> options.addHeader("Origin", from));
    return sockets.connect(options);
  }

  private int refusal(String query, Optional<String> origin) {
    return RunningGateway.await(
        connect(query, origin)
            .map(_ -> 0)
            .otherwise(failure -> ((UpgradeRejectedException) failure).getStatus()));
  }

  @Test
  void bytesTravelBothWaysAndTheEndOfOneSideIsTheEndOfTheOther() {
    WebSocket replica = RunningGateway.await(connect("?session=" + session, Optional.empty()));
    List<String> heard = new CopyOnWriteArrayList<>();
    replica.handler(bytes -> heard.add(bytes.toString()));
    Await.until(() -> masters.size() == 1);
    masters.getFirst().handler(bytes -> masters.getFirst().write(Buffer.buffer("re: " + bytes)));

    RunningGateway.await(replica.write(Buffer.buffer("hello")));
    Await.until(() -> heard.contains("re: hello"));
    assertThat(asked).containsExactly("agent_" + session);

    RunningGateway.await(replica.close());
    Await.until(masters.getFirst()::isClosed);

    WebSocket again = RunningGateway.await(connect("?session=" + session, Optional.empty()));
    Await.until(() -> masters.size() == 2);
    masters.getLast().close();
    Await.until(again::isClosed);
  }

  @Test
  void aReplicaThatDoesNotReadHoldsUpItsMasterOnly() {
    WebSocket replica = RunningGateway.await(connect("?session=" + session, Optional.empty()));
    replica.pause();
    Await.until(() -> masters.size() == 1);
    ServerWebSocket master = masters.getFirst();
    Buffer piece = Buffer.buffer(new byte[32 * 1024]);
    AtomicLong sent = new AtomicLong();
    while (!master.writeQueueFull() || sent.get() < 4 << 20) {
      master.write(piece);
      sent.addAndGet(piece.length());
      assertThat(sent.get()).as("bytes that went nowhere").isLessThan(64 << 20);
    }
    // The gateway took what fits into its buffers and the kernel's, and no more.
    assertThat(master.writeQueueFull()).isTrue();
    client.send("{'type':'ping'}");
    client.next("pong");

    AtomicLong received = new AtomicLong();
    replica.handler(bytes -> received.addAndGet(bytes.length()));
    replica.resume();
    Await.until(() -> received.get() == sent.get());
  }

  @Test
  void anotherTenantsSessionDoesNotExist() {
    assertThat(refusal("?session=foreign", Optional.empty())).isEqualTo(404);
    assertThat(refusal("?session=nowhere", Optional.empty())).isEqualTo(404);
    assertThat(refusal("", Optional.empty())).isEqualTo(400);
    assertThat(asked).isEmpty();
  }

  @Test
  void aForeignPageIsNotLetIn() {
    assertThat(refusal("?session=" + session, Optional.of("http://evil.example"))).isEqualTo(403);
    assertThat(asked).isEmpty();
  }
}
