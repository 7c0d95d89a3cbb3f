package dev.concert.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.concert.foundation.config.ConfigException;
import dev.concert.foundation.config.ConfigReader;
import dev.concert.foundation.config.DeploymentMode;
import dev.concert.foundation.openid.OpenIdOptions;
import dev.concert.gateway.auth.AccessOptions;
import dev.concert.gateway.auth.TlsOptions;
import dev.concert.gateway.auth.address.TrustedProxies;
import dev.concert.testing.TestIssuer;
import dev.concert.testing.TlsServer;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.WebSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The gateway with its own certificate, and behind a proxy that has one. */
class TlsTest {
  private static final char[] PASSWORD = "changeit".toCharArray();

  private static @TempDir Path folder;
  private @TempDir Path data;
  private static Vertx vertx;
  private static TestIssuer issuer;
  private static TlsOptions files;
  private static HttpClient client;

  @BeforeAll
  static void start() throws Exception {
    vertx = Vertx.vertx();
    issuer = TestIssuer.start(vertx);
    // It makes a certificate for localhost, and a CA that signs it.
    TlsServer.start(vertx, folder, "localhost", "127.0.0.1");
    KeyStore server = KeyStore.getInstance(folder.resolve("server.p12").toFile(), PASSWORD);
    Path certificate = folder.resolve("certificate.pem");
    Path key = folder.resolve("key.pem");
    Files.writeString(
        certificate, pem("CERTIFICATE", server.getCertificate("server").getEncoded()));
    Files.writeString(key, pem("PRIVATE KEY", server.getKey("server", PASSWORD).getEncoded()));
    files = new TlsOptions(certificate, key);
    TrustManagerFactory trust =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(KeyStore.getInstance(folder.resolve("trust.p12").toFile(), PASSWORD));
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, trust.getTrustManagers(), null);
    client = HttpClient.newBuilder().sslContext(context).build();
  }

  @AfterAll
  static void stop() {
    client.close();
    RunningGateway.await(vertx.close());
  }

  private static String pem(String what, byte[] der) {
    return "-----BEGIN %1$s-----\n%2$s\n-----END %1$s-----\n"
        .formatted(what, Base64.getMimeEncoder().encodeToString(der));
  }

  private static GatewayOptions production(Path data, AccessOptions access) {
    return RunningGateway.options(data)
        .withAccess(access.withMode(DeploymentMode.PRODUCTION))
        .withAuth(Optional.of(OpenIdOptions.of(URI.create(issuer.url()), TestIssuer.AUDIENCE)));
  }

  private static HttpResponse<String> get(String url, String... headers) throws Exception {
    HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url));
    if (headers.length > 0) {
      request.headers(headers);
    }
    return client.send(request.build(), BodyHandlers.ofString());
  }

  @Test
  void clientsConnectOverTlsAndBrowsersAreToldToStayThere() throws Exception {
    try (RunningGateway gateway =
        RunningGateway.start(production(data, AccessOptions.DEFAULT.withTls(files)))) {
      String origin = "https://localhost:" + gateway.port;

      HttpResponse<String> page = get(origin + "/openapi.json", "Origin", origin);

      assertThat(page.statusCode()).isEqualTo(200);
      assertThat(page.headers().firstValue("Strict-Transport-Security"))
          .contains("max-age=31536000");
      assertThat(firstFrame(gateway.port)).contains("welcome").contains("\"requiresAuth\":true");
      assertThatThrownBy(() -> get("http://127.0.0.1:" + gateway.port + "/health/live"))
          .isInstanceOf(IOException.class);
    }
  }

  private static String firstFrame(int port) throws Exception {
    CompletableFuture<String> first = new CompletableFuture<>();
    WebSocket socket =
        client
            .newWebSocketBuilder()
            .buildAsync(
                URI.create("wss://localhost:" + port + "/ws"),
                new WebSocket.Listener() {
                  @Override
                  public CompletionStage<?> onText(
                      WebSocket from, CharSequence data, boolean last) {
                    first.complete(data.toString());
                    return null;
                  }
                })
            .join();
    try {
      return first.get();
    } finally {
      socket.abort();
    }
  }

  @Test
  void behindAProxyTheProxySaysHowTheRequestCame() throws Exception {
    TrustedProxies loopback =
        TrustedProxies.from(
            ConfigReader.root(new JsonObject().put("trustedProxies", JsonArray.of("127.0.0.1"))));
    AccessOptions access = AccessOptions.DEFAULT.withTrustedProxies(loopback);
    try (RunningGateway gateway = RunningGateway.start(production(data, access))) {
      String url = "http://127.0.0.1:" + gateway.port;

      HttpResponse<String> clear = get(url + "/openapi.json", "X-Forwarded-Proto", "http");
      assertThat(clear.statusCode()).isEqualTo(426);
      assertThat(clear.body()).contains("TLS_REQUIRED");
      assertThat(
              get(url + "/openapi.json", "Forwarded", "for=198.51.100.1;proto=http").statusCode())
          .isEqualTo(426);
      HttpResponse<String> secured = get(url + "/openapi.json", "X-Forwarded-Proto", "https");
      assertThat(secured.statusCode()).isEqualTo(200);
      assertThat(secured.headers().firstValue("Strict-Transport-Security")).isPresent();
      assertThat(get(url + "/health/live", "X-Forwarded-Proto", "http").statusCode())
          .isEqualTo(200);
    }
  }

  @Test
  void eachClientBehindAProxyGuessesForItself() throws Exception {
    TrustedProxies loopback =
        TrustedProxies.from(
            ConfigReader.root(new JsonObject().put("trustedProxies", JsonArray.of("127.0.0.1"))));
    AccessOptions access = AccessOptions.DEFAULT.withTrustedProxies(loopback);
    try (RunningGateway gateway = RunningGateway.start(production(data, access))) {
      String url = "http://127.0.0.1:" + gateway.port + "/api/sessions";
      String[] guess = {"Authorization", "Bearer guess", "X-Forwarded-For", "198.51.100.1"};
      String[] other = {"Authorization", "Bearer guess", "X-Forwarded-For", "198.51.100.2"};
      int status = 401;
      for (int i = 0; i < 25 && status == 401; i++) {
        status = get(url, guess).statusCode();
      }

      assertThat(status).isEqualTo(429);
      assertThat(get(url, other).statusCode()).isEqualTo(401);
    }
  }

  @Test
  void aCertificateThatNobodyWouldAcceptIsNamed() throws Exception {
    files.verify(Instant.now());
    assertThatThrownBy(() -> files.verify(Instant.now().plus(Duration.ofDays(10_000))))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("gateway.tls.certificate ended at");
    assertThatThrownBy(
            () -> new TlsOptions(folder.resolve("none"), files.key()).verify(Instant.now()))
        .hasMessageContaining("gateway.tls.certificate must be a PEM file");
    assertThatThrownBy(
            () -> new TlsOptions(files.certificate(), files.certificate()).verify(Instant.now()))
        .hasMessageContaining("gateway.tls.key must be a PEM file");
    assertThatThrownBy(
            () -> TlsOptions.from(ConfigReader.root(new JsonObject().put("key", "key.pem"))))
        .hasMessageContaining("must be set together");
  }
}
