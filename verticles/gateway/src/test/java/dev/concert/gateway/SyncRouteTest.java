package dev.concert.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.concert.bus.Addresses;
import dev.concert.gateway.auth.Authentication;
import dev.concert.gateway.auth.Authenticator;
import dev.concert.gateway.registry.Registries;
import dev.concert.protocol.Identity;
import dev.concert.protocol.Role;
import dev.concert.protocol.SessionMeta;
import dev.concert.protocol.SessionState;
import dev.concert.testing.Await;
import dev.concert.testing.RawWebSocket;
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
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
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
  private final Everybody everybody = new Everybody();
  private RunningGateway gateway;
  private TestClient client;

  // Held, since Vert.x closes a client that nobody holds, in the middle of a handshake too.
  private WebSocketClient sockets;
  private String session;
  private volatile SyncOpened opened;

  @BeforeEach
  void start() {
    insertForeignSession();
    gateway = RunningGateway.start(data, everybody);
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
    opened = new SyncOpened("local", master.actualPort(), "/sync", "one-time");
    gateway.podium.bus.serve(
        Addresses.OPEN_SYNC,
        (OpenSync request) -> {
          asked.add(request.workspaceId());
          return Future.succeededFuture(opened);
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

  @Test
  void aMasterThatIsGoneIsAnsweredAndNobodyWaits() {
    HttpServer gone =
        RunningGateway.await(
            gateway.vertx.createHttpServer().requestHandler(_ -> {}).listen(0, "127.0.0.1"));
    int port = gone.actualPort();
    RunningGateway.await(gone.close());
    opened = new SyncOpened("local", port, "/sync", "one-time");

    assertThat(refusal("?session=" + session, Optional.empty())).isBetween(500, 599);
  }

  private Future<WebSocket> connect(String query, Optional<String> origin) {
    WebSocketConnectOptions options =
        new WebSocketConnectOptions()
            .setHost("127.0.0.1")
            .setPort(gateway.port)
            .addHeader("Authorization", "Bearer any")
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
  void aReplicaWhosePermissionIsWithdrawnIsCutOffWithinASecond() throws Exception {
    WebSocket replica = RunningGateway.await(connect("?session=" + session, Optional.empty()));
    CompletableFuture<Long> cut = new CompletableFuture<>();
    replica.closeHandler(_ -> cut.complete(System.nanoTime()));
    Await.until(() -> masters.size() == 1);

    // Several looks find nothing wrong.
    assertThat(cut).failsWithin(Duration.ofSeconds(1));
    long begin = System.nanoTime();
    everybody.role = Role.VIEWER;

    assertThat(cut.get(3, TimeUnit.MINUTES) - begin).isLessThan(1_000_000_000L);
    assertThat(replica.closeStatusCode()).isEqualTo((short) 4403);
    Await.until(masters.getFirst()::isClosed);
    assertThat(refusal("?session=" + session, Optional.empty())).isEqualTo(403);
  }

  @Test
  void aReplicaStaysWhileNobodyCanSayWhoItIs() {
    WebSocket replica = RunningGateway.await(connect("?session=" + session, Optional.empty()));
    List<String> heard = new CopyOnWriteArrayList<>();
    replica.handler(bytes -> heard.add(bytes.toString()));
    Await.until(() -> masters.size() == 1);
    int before = everybody.asked.get();
    everybody.outage = true;

    Await.until(() -> everybody.asked.get() > before + 2);

    RunningGateway.await(masters.getFirst().write(Buffer.buffer("still there")));
    Await.until(() -> heard.contains("still there"));
  }

  /** Says what it is told to say of everybody. */
  private static final class Everybody implements Authenticator {
    private final AtomicInteger asked = new AtomicInteger();
    private volatile Role role = Role.OWNER;
    private volatile boolean outage;

    @Override
    public Optional<Identity> everybody() {
      asked.incrementAndGet();
      return outage ? Optional.empty() : Optional.of(identity());
    }

    @Override
    public Future<Authentication> authenticate(String token) {
      return outage
          ? Future.failedFuture("the identity provider does not answer")
          : Future.succeededFuture(Authentication.lasting(identity()));
    }

    private Identity identity() {
      return Identity.of("dev-user-001", "developer@example.com", "dev", role);
    }
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

  @Test
  void aFrameThatIsWrongClosesTheReplicasConnectionWithTheCodeOfTheRfc() {
    try (RawWebSocket replica = RawWebSocket.open(gateway.port, "/sync?session=" + session)) {
      replica.send(RawWebSocket.frame(0x80 | 3, new byte[1]));

      assertThat(replica.awaitClose()).isEqualTo(1002);
    }
  }

  @Test
  void aMessageOfAReplicaThatIsTooLargeClosesItsConnection() {
    try (RawWebSocket replica = RawWebSocket.open(gateway.port, "/sync?session=" + session)) {
      replica.send(RawWebSocket.last(RawWebSocket.BINARY, new byte[(1 << 20) + 1]));

      assertThat(replica.awaitClose()).isEqualTo(1009);
    }
  }
}
