package dev.concert.gateway.auth;

import static org.assertj.core.api.Assertions.assertThat;

import dev.concert.testing.Fastest;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@EnabledOnOs(OS.LINUX)
class PeerUsersTest {
  private static final int CONNECTIONS = Integer.getInteger("concert.sockets", 1_000);

  private final Vertx vertx = Vertx.vertx();
  private final PeerUsers table = new SocketTableUsers(vertx);
  private final PeerUsers netlink = new NetlinkUsers();
  private final List<AutoCloseable> opened = new ArrayList<>();
  private long self;

  @BeforeEach
  void readOwnUser() throws IOException {
    self = (int) Files.getAttribute(Path.of("/proc/self"), "unix:uid");
  }

  @AfterEach
  void close() throws Exception {
    for (AutoCloseable one : opened) {
      one.close();
    }
    vertx.close();
  }

  private static <T> T await(Future<T> future) {
    return future.toCompletionStage().toCompletableFuture().orTimeout(60, TimeUnit.SECONDS).join();
  }

  private ServerSocketChannel server(String address) throws IOException {
    ServerSocketChannel server = ServerSocketChannel.open();
    opened.add(server);
    return server.bind(new InetSocketAddress(InetAddress.getByName(address), 0), 16_000);
  }

  /** The two ends of a connection, as a server sees them. */
  private record Ends(SocketChannel client, InetSocketAddress peer, InetSocketAddress own) {}

  private Ends connect(ServerSocketChannel server, String address) throws IOException {
    int port = ((InetSocketAddress) server.getLocalAddress()).getPort();
    SocketChannel client =
        SocketChannel.open(new InetSocketAddress(InetAddress.getByName(address), port));
    SocketChannel accepted = server.accept();
    opened.add(client);
    opened.add(accepted);
    return new Ends(
        client,
        (InetSocketAddress) accepted.getRemoteAddress(),
        (InetSocketAddress) accepted.getLocalAddress());
  }

  private OptionalLong userOf(InetSocketAddress peer, InetSocketAddress own) {
    OptionalLong found = await(table.userOf(peer, own));
    assertThat(netlink.userOf(peer, own).result()).isEqualTo(found);
    return found;
  }

  private OptionalLong userOf(Ends ends) {
    return userOf(ends.peer(), ends.own());
  }

  @ParameterizedTest
  @ValueSource(strings = {"127.0.0.1", "::1", "0.0.0.0", "::"})
  void theUserOfAProgramOfThisMachineIsFound(String listen) throws IOException {
    String connect = listen.equals("::1") ? "::1" : "127.0.0.1";

    assertThat(userOf(connect(server(listen), connect))).hasValue(self);
  }

  /** Such a kernel answers, but with an error; so does any for a protocol that it does not know. */
  @Test
  void aKernelThatDoesNotKnowItsConnectionsIsNotAsked() {
    assertThat(new NetlinkUsers(NetlinkUsers.TCP).isAvailable()).isTrue();
    assertThat(new NetlinkUsers((byte) 254).isAvailable()).isFalse();
  }

  @Test
  void aConnectionThatIsNotThereHasNoUser() throws IOException {
    Ends ends = connect(server("127.0.0.1"), "127.0.0.1");
    InetSocketAddress elsewhere = new InetSocketAddress("192.0.2.1", ends.peer().getPort());

    assertThat(userOf(elsewhere, ends.own())).isEmpty();
  }

  /** Some kernels show the socket of an ended program as root's. */
  @Test
  void aConnectionThatItsProgramHasClosedHasNoUser() throws IOException {
    Ends ends = connect(server("127.0.0.1"), "127.0.0.1");

    ends.client().close();

    assertThat(userOf(ends)).isEmpty();
  }

  @Test
  void manyConnectionsAreLookedUpTogether() throws IOException {
    ServerSocketChannel server = server("127.0.0.1");
    List<Ends> all = new ArrayList<>();
    for (int i = 0; i < CONNECTIONS; i++) {
      all.add(connect(server, "127.0.0.1"));
    }

    Fastest.isWithin(
        Duration.ofSeconds(2),
        _ ->
            Fastest.time(
                () -> {
                  List<Future<OptionalLong>> found =
                      all.stream().map(one -> table.userOf(one.peer(), one.own())).toList();
                  await(Future.all(found));
                  found.forEach(one -> assertThat(one.result()).hasValue(self));
                }));
    Duration inTable =
        Fastest.time(() -> await(table.userOf(all.getLast().peer(), all.getLast().own())));
    Duration byNetlink =
        Fastest.time(
            () ->
                all.forEach(
                    one ->
                        assertThat(netlink.userOf(one.peer(), one.own()).result()).hasValue(self)));
    System.out.printf(
        "%,d connections: one is found in the table in %.2f ms, by netlink in %.4f ms%n",
        CONNECTIONS, inTable.toNanos() / 1e6, byNetlink.toNanos() / 1e6 / CONNECTIONS);
  }

  /** The kernel gives a listening socket where there is no connection. */
  @Test
  void aListeningSocketIsNobodysConnection() throws IOException {
    ServerSocketChannel listening = server("127.0.0.1");
    InetSocketAddress address = (InetSocketAddress) listening.getLocalAddress();

    assertThat(userOf(address, new InetSocketAddress("127.0.0.1", 1))).isEmpty();
  }
}
