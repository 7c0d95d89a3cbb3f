package dev.concert.testing;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetSocket;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * The proxy of a company network, on this machine. Every server that it is asked for is on this
 * machine as well, whatever its name: {@code http://vendor.example:8080} leads to port 8080. It
 * wants to know who calls.
 */
public final class PlayedProxy {
  private static final String HOST = "127.0.0.1";

  /** Who calls, in what a request tells the proxy. */
  private static final String USER = "user:pass";

  private final HttpClient client;
  private final NetClient tunnels;
  private final HttpServer server;
  private final List<Passed> passed = new CopyOnWriteArrayList<>();

  /**
   * What the proxy saw of a request.
   *
   * @param line its method and target
   * @param proxyAuthorization the header that is for the proxy
   * @param authorization the header that is for the server; "null" where it came without one
   */
  public record Passed(String line, String proxyAuthorization, String authorization) {}

  private PlayedProxy(Vertx vertx) {
    this.client = vertx.createHttpClient();
    this.tunnels = vertx.createNetClient();
    this.server =
        vertx
            .createHttpServer()
            .requestHandler(this::pass)
            .listen(0, HOST)
            .toCompletionStage()
            .toCompletableFuture()
            .join();
  }

  /** Listens on a free port until Vert.x is closed. Not to be called on an event loop. */
  public static PlayedProxy start(Vertx vertx) {
    return new PlayedProxy(vertx);
  }

  /**
   * The variables that name this proxy.
   *
   * @param direct what is called without it
   */
  public Map<String, String> environment(String direct) {
    return environment(server.actualPort(), direct);
  }

  /** The variables that name a proxy that is away. */
  public static Map<String, String> environmentOfNone() {
    return environment(FreePort.find(), "");
  }

  private static Map<String, String> environment(int port, String direct) {
    String url = "http://%s@%s:%d".formatted(USER, HOST, port);
    return Map.of("HTTPS_PROXY", url, "HTTP_PROXY", url, "NO_PROXY", direct);
  }

  /** What came, in order. */
  public List<Passed> passed() {
    return passed;
  }

  /** The methods and targets of what came, in order. */
  public List<String> lines() {
    return passed.stream().map(Passed::line).toList();
  }

  private void pass(HttpServerRequest request) {
    request.pause();
    passed.add(
        new Passed(
            request.method() + " " + request.uri(),
            String.valueOf(request.getHeader("Proxy-Authorization")),
            String.valueOf(request.getHeader("Authorization"))));
    (request.method() == HttpMethod.CONNECT ? tunnel(request) : forward(request))
        .onFailure(_ -> refuse(request.response()));
  }

  private static void refuse(HttpServerResponse response) {
    // The client may have disconnected after the first part of an answer.
    if (!response.headWritten()) {
      response.setStatusCode(502).end();
    }
  }

  private Future<Void> tunnel(HttpServerRequest request) {
    return tunnels
        .connect(request.authority().port(), HOST)
        .compose(to -> request.toNetSocket().onSuccess(from -> join(from, to)))
        .mapEmpty();
  }

  private static void join(NetSocket from, NetSocket to) {
    from.pipeTo(to);
    to.pipeTo(from);
  }

  private Future<Void> forward(HttpServerRequest request) {
    URI target = URI.create(request.uri());
    String path = target.getRawPath();
    RequestOptions options =
        new RequestOptions()
            .setMethod(request.method())
            .setHost(HOST)
            .setPort(target.getPort())
            .setURI(target.getRawQuery() == null ? path : path + "?" + target.getRawQuery())
            .setHeaders(request.headers().remove("Proxy-Authorization"));
    return client
        .request(options)
        .compose(to -> to.send(request))
        .compose(
            answer -> {
              request.response().setStatusCode(answer.statusCode());
              request.response().headers().setAll(answer.headers());
              return answer.pipeTo(request.response());
            });
  }
}
