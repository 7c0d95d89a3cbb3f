package dev.concert.ensemble.provider.oauth;

import static org.assertj.core.api.Assertions.assertThat;

import dev.concert.ensemble.RunningEnsemble;
import dev.concert.ensemble.provider.upstream.OutboundProxy;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import java.net.URI;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class TokenEndpointTest {
  private final Vertx vertx = Vertx.vertx();
  private final BlockingQueue<String> proxied = new LinkedBlockingQueue<>();
  private HttpServer proxy;
  private HttpServer machine;

  @BeforeEach
  void start() {
    proxy = serve("from the vendor", proxied);
    machine = serve("from the machine", new LinkedBlockingQueue<>());
  }

  @AfterEach
  void stop() {
    RunningEnsemble.await(vertx.close());
  }

  private HttpServer serve(String token, BlockingQueue<String> seen) {
    return RunningEnsemble.await(
        vertx
            .createHttpServer()
            .requestHandler(
                request -> {
                  seen.add(request.uri());
                  request
                      .response()
                      .end("{\"access_token\":\"%s\",\"expires_in\":60}".formatted(token));
                })
            .listen(0, "127.0.0.1"));
  }

  private static URI url(HttpServer server) {
    return URI.create("http://127.0.0.1:" + server.actualPort());
  }

  @Test
  void theVendorIsBehindTheProxyAndTheMetadataServerIsNot() {
    TokenEndpoint endpoint =
        new TokenEndpoint(vertx, "cloud", Optional.of(new OutboundProxy(url(proxy))));

    FetchedToken machines =
        RunningEnsemble.await(endpoint.get(url(machine).resolve("/token"), Map.of()));
    assertThat(machines.value()).isEqualTo("from the machine");
    assertThat(proxied).isEmpty();

    FetchedToken vendors =
        RunningEnsemble.await(
            endpoint.post(URI.create("http://sign-in.example/token"), Map.of("a", "b")));
    assertThat(vendors.value()).isEqualTo("from the vendor");
    assertThat(proxied).containsExactly("http://sign-in.example/token");
  }
}
