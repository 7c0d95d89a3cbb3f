package dev.concert.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.concert.foundation.openid.OpenIdOptions;
import dev.concert.gateway.registry.Registries;
import dev.concert.gateway.tenant.Tenants;
import dev.concert.testing.OidcProvider;
import dev.concert.testing.TestIssuer;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The tokens of {@code oidc-provider} from npm, an OpenID provider that others wrote. */
class OidcProviderTest {
  private static final HttpClient HTTP = HttpClient.newHttpClient();

  private static @TempDir Path data;
  private static OidcProvider provider;
  private static String issuer;
  private static RunningGateway gateway;

  @BeforeAll
  static void start() throws Exception {
    provider = OidcProvider.start(Path.of("src", "test", "oidc"), "provider.mjs");
    issuer = provider.issuer();
    Vertx vertx = Vertx.vertx();
    Registries registries = new Registries(vertx, data.resolve("tenants"));
    RunningGateway.await(new Tenants(registries).create("acme", "Acme", "ada@example.com"));
    RunningGateway.await(registries.close());
    RunningGateway.await(vertx.close());
    gateway =
        RunningGateway.start(
            RunningGateway.options(data)
                .withAuth(Optional.of(OpenIdOptions.of(URI.create(issuer), TestIssuer.AUDIENCE))));
  }

  @AfterAll
  static void stop() {
    if (gateway != null) {
      gateway.close();
    }
    if (provider != null) {
      provider.close();
    }
  }

  private static String token() throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(issuer + "/token"))
            .header("Content-Type", "application/x-www-form-urlencoded")
            .header(
                "Authorization",
                "Basic "
                    + Base64.getEncoder()
                        .encodeToString("ada:secret".getBytes(StandardCharsets.UTF_8)))
            .POST(
                BodyPublishers.ofString(
                    "grant_type=client_credentials&scope=concert&resource=" + TestIssuer.AUDIENCE))
            .build();
    return new JsonObject(HTTP.send(request, BodyHandlers.ofString()).body())
        .getString("access_token");
  }

  private static int sessions(String token) throws Exception {
    return HTTP.send(
            HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + gateway.port + "/api/sessions"))
                .header("Authorization", "Bearer " + token)
                .build(),
            BodyHandlers.discarding())
        .statusCode();
  }

  @Test
  void itsTokensSignInAlsoAfterItChangedItsKeys() throws Exception {
    String before = token();

    assertThat(sessions(before)).isEqualTo(200);
    try (TestClient client = TestClient.connectOnly(gateway.port)) {
      client.send("{'type':'authenticate','token':'" + before + "'}");
      assertThat(client.next("authenticated").at("/identity/tenantId").asText()).isEqualTo("acme");
    }
    HTTP.send(
        HttpRequest.newBuilder(URI.create(issuer + "/rotate")).build(), BodyHandlers.discarding());
    assertThat(sessions(token())).isEqualTo(200);
    assertThat(sessions(before)).as("of a key that is withdrawn").isEqualTo(401);
  }
}
