package dev.concert.coordinator.egress;

import dev.concert.coordinator.egress.policy.Destination;
import dev.concert.coordinator.egress.policy.EgressGate;
import dev.concert.coordinator.egress.policy.EgressLimits;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetClientOptions;
import io.vertx.core.net.NetSocket;
import io.vertx.core.net.SocketAddress;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/**
 * The HTTP proxy of one agent, on a Unix socket: the only way from its sandbox to the network.
 *
 * <p>It serves CONNECT (a tunnel of bytes) and plain HTTP with an absolute URI. What it does not
 * pass on it answers with a sentence: 403 for a destination that is refused, 502 and 504 for one
 * that cannot be reached, 503 for one too many, 400 for what is no request to a proxy. Git's own
 * repository is at a name that only this proxy knows ({@link GitRelay}).
 *
 * <p>Belongs to the event loop that opened it, and is closed with the verticle that opened it.
 */
final class EgressProxy {
  private final Vertx vertx;
  private final EgressGate gate;
  private final EgressLimits limits;
  private final EgressListener listener;
  private final NetClient tunnels;
  private final HttpClient requests;
  private final GitRelay git;
  private final AgentServer server;
  private int open;

  EgressProxy(
      Vertx vertx, EgressGate gate, GitDoor door, EgressLimits limits, EgressListener listener) {
    this.vertx = vertx;
    this.gate = gate;
    this.limits = limits;
    this.listener = listener;
    this.server = new AgentServer(limits.connections(), limits.idle());
    int connect = (int) limits.connect().toMillis();
    int idle = (int) limits.idle().toMillis();
    this.tunnels =
        vertx.createNetClient(
            new NetClientOptions()
                .setConnectTimeout(connect)
                .setIdleTimeoutUnit(TimeUnit.MILLISECONDS)
                .setIdleTimeout(idle));
    this.requests =
        vertx.createHttpClient(
            new HttpClientOptions()
                .setConnectTimeout(connect)
                .setIdleTimeoutUnit(TimeUnit.MILLISECONDS)
                .setIdleTimeout(idle)
                .setMaxHeaderSize(AgentServer.MAX_HEADER_BYTES)
                .setKeepAlive(false),
            new PoolOptions().setHttp1MaxSize(limits.connections()));
    this.git = new GitRelay(door, requests, listener);
  }

  /** Listens; completes when the socket's file is there. */
  Future<Void> listen(Path socket) {
    return server.listen(vertx, socket, this::handle);
  }

  private void handle(HttpServerRequest request) {
    request.pause();
    Optional<ProxyTarget> target = ProxyTarget.of(request);
    if (target.isEmpty()) {
      new EgressRefusal(
              400,
              "This is an HTTP proxy: send CONNECT host:port, or a URL that starts with http://.")
          .send(request);
    } else if (open >= limits.connections()) {
      refuse(
          request,
          target.get().destination(),
          new EgressRefusal(
              503,
              "This agent has %d connections open, the most it may have. Close some first."
                  .formatted(open)));
    } else {
      open++;
      serve(request, target.get()).onComplete(_ -> open--);
    }
  }

  private Future<Void> serve(HttpServerRequest request, ProxyTarget target) {
    Destination wanted = target.destination();
    if (GitRelay.isFor(wanted)) {
      return git.serve(request, target)
          .recover(failure -> refuse(request, wanted, GitRelay.refusal(wanted, failure)));
    }
    return gate.admit(wanted)
        .compose(
            addresses ->
                request.method() == HttpMethod.CONNECT
                    ? tunnel(request, wanted, addresses)
                    : forward(request, target, addresses))
        .recover(failure -> refuse(request, wanted, EgressRefusal.of(wanted, failure)));
  }

  private Future<Void> refuse(
      HttpServerRequest request, Destination wanted, EgressRefusal refusal) {
    listener.refused(wanted.toString(), refusal.reason());
    return refusal.send(request);
  }

  private Future<Void> tunnel(
      HttpServerRequest request, Destination wanted, List<InetAddress> addresses) {
    return firstOf(addresses, address -> tunnels.connect(at(address, wanted)))
        .compose(
            destination -> {
              destination.pause();
              return request
                  .toNetSocket()
                  .onFailure(_ -> destination.close())
                  .compose(
                      agent -> {
                        server.forget(request.connection());
                        return carry(wanted, agent, destination);
                      });
            });
  }

  private Future<Void> carry(Destination wanted, NetSocket agent, NetSocket destination) {
    Tunnel tunnel = new Tunnel(vertx, agent, destination);
    long start = System.nanoTime();
    return tunnel
        .run()
        .onComplete(
            _ ->
                listener.closed(
                    wanted.toString(), tunnel.bytesSent(), tunnel.bytesReceived(), since(start)));
  }

  private Future<Void> forward(
      HttpServerRequest request, ProxyTarget target, List<InetAddress> addresses) {
    Destination wanted = target.destination();
    RequestOptions options =
        new RequestOptions()
            .setMethod(request.method())
            .setHost(wanted.host())
            .setPort(wanted.port())
            .setURI(target.path());
    long start = System.nanoTime();
    return firstOf(
            addresses,
            address -> requests.request(new RequestOptions(options).setServer(at(address, wanted))))
        .compose(
            to -> {
              HttpRelay relay = new HttpRelay(request, to);
              return relay
                  .run()
                  .onComplete(
                      _ ->
                          listener.closed(
                              wanted.toString(),
                              request.bytesRead(),
                              relay.bytesReceived(),
                              since(start)));
            });
  }

  /** The first connection that can be made. */
  private static <T> Future<T> firstOf(
      List<InetAddress> addresses, Function<InetAddress, Future<T>> connect) {
    Future<T> connected = connect.apply(addresses.getFirst());
    for (InetAddress next : addresses.subList(1, addresses.size())) {
      connected = connected.recover(_ -> connect.apply(next));
    }
    return connected;
  }

  private static SocketAddress at(InetAddress address, Destination wanted) {
    return SocketAddress.inetSocketAddress(new InetSocketAddress(address, wanted.port()));
  }

  private static Duration since(long start) {
    return Duration.ofNanos(System.nanoTime() - start);
  }
}
