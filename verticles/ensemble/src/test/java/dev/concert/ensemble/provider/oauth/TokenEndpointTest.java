package dev.concert.ensemble.provider.oauth;

import static org.assertj.core.api.Assertions.assertThat;

import dev.concert.ensemble.RunningEnsemble;
import dev.concert.foundation.proxy.OutboundProxies;
import dev.concert.testing.PlayedProxy;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
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
    proxy = serve("from the vendor", proxied, "127.0.0.1");
    machine = serve("from the machine", new LinkedBlockingQueue<>(), "127.0.0.1");
  }

  @AfterEach
  void stop() {
    RunningEnsemble.await(vertx.close());
  }

  private HttpServer serve(String token, BlockingQueue<String> seen, String host) {
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
            .listen(0, host));
  }

  private static URI url(HttpServer server) {
    return URI.create("http://127.0.0.1:" + server.actualPort());
  }

  @Test
  void theVendorIsBehindTheProxyAndTheMetadataServerIsNot() {
    TokenEndpoint endpoint =
        new TokenEndpoint(
            vertx, "cloud", OutboundProxies.of(Map.of("HTTP_PROXY", url(proxy).toString())));

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

  @Test
  void aSignInServerOfTheOwnNetworkIsAskedDirectly() {
    HttpServer signIn = serve("from the own network", new LinkedBlockingQueue<>(), "0.0.0.0");
    OutboundProxies proxies =
        OutboundProxies.of(
            Map.of("HTTP_PROXY", url(proxy).toString(), "NO_PROXY", "192.0.2.1,0.0.0.0/8"));
    URI address = URI.create("http://0.0.0.0:" + signIn.actualPort() + "/token");

    FetchedToken token =
        RunningEnsemble.await(
            new TokenEndpoint(vertx, "cloud", proxies).post(address, Map.of("a", "b")));

    assertThat(token.value()).isEqualTo("from the own network");
    assertThat(proxied).isEmpty();
  }

  @Test
  void aProxyThatIsAwayFailsTheSignIn() {
    TokenEndpoint endpoint =
        new TokenEndpoint(vertx, "cloud", OutboundProxies.of(PlayedProxy.environmentOfNone()));

    assertThat(
            endpoint.post(URI.create("http://sign-in.example/token"), Map.of()).toCompletionStage())
        .failsWithin(Duration.ofSeconds(30))
        .withThrowableThat()
        .withMessageContaining("sign-in.example, which signs in to the provider 'cloud'");
  }
}
