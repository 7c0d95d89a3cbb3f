package dev.concert.gateway;

import static dev.concert.gateway.RunningGateway.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.concert.foundation.openid.OpenIdOptions;
import dev.concert.gateway.registry.Registries;
import dev.concert.gateway.tenant.Tenants;
import dev.concert.testing.OidcProvider;
import dev.concert.testing.TestIssuer;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.net.CookieManager;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The page's sign-in at {@code oidc-provider} from npm, an OpenID provider that others wrote. */
class OidcProviderSignInTest {
  private static final Pattern FORM = Pattern.compile("action=\"([^\"]+)\"");
  private static final String CLIENT = "the-page";

  @TempDir Path data;
  private OidcProvider provider;
  private RunningGateway gateway;

  /** A browser that follows redirects and keeps cookies. */
  private final HttpClient browser =
      HttpClient.newBuilder()
          .followRedirects(HttpClient.Redirect.NORMAL)
          .cookieHandler(new CookieManager())
          .build();

  @BeforeEach
  void start() throws Exception {
    provider = OidcProvider.start(Path.of("src", "test", "oidc"), "signin.mjs");
    String issuer = provider.issuer();
    Vertx vertx = Vertx.vertx();
    Registries registries = new Registries(vertx, data.resolve("tenants"));
    await(new Tenants(registries).create("acme", "Acme", "ada@example.com"));
    await(registries.close());
    await(vertx.close());
    OpenIdOptions defaults = OpenIdOptions.of(URI.create(issuer), TestIssuer.AUDIENCE);
    gateway =
        RunningGateway.start(
            RunningGateway.options(data)
                .withAuth(
                    Optional.of(
                        new OpenIdOptions(
                            defaults.issuer(),
                            defaults.audience(),
                            defaults.tenantClaim(),
                            defaults.algorithms(),
                            defaults.clockSkew(),
                            Optional.empty(),
                            Optional.of(CLIENT),
                            Optional.of("s3cret of the page"),
                            defaults.proxies()))));
    get(issuer + "/page?redirect_uri=" + url("/auth/callback") + "&after=" + url("/"));
  }

  @AfterEach
  void stop() {
    if (gateway != null) {
      gateway.close();
    }
    if (provider != null) {
      provider.close();
    }
  }

  @Test
  void aPersonSignsInAndSignsOut() throws Exception {
    HttpResponse<String> page = get(url("/auth/login"));
    page = post(form(page), "prompt=login&login=ada&password=x");
    page = post(form(page), "prompt=consent");
    assertThat(page.uri()).hasToString(url("/"));

    JsonObject session = new JsonObject(get(url("/auth/session")).body());
    assertThat(session.getJsonObject("identity").getString("userId")).isEqualTo("ada");
    assertThat(get(url("/api/sessions")).statusCode()).isEqualTo(200);

    HttpResponse<String> out =
        browser.send(
            HttpRequest.newBuilder(URI.create(url("/auth/logout")))
                .header("X-CSRF-Token", session.getString("csrfToken"))
                .POST(BodyPublishers.noBody())
                .build(),
            BodyHandlers.ofString());
    assertThat(get(new JsonObject(out.body()).getString("signOutUrl")).body())
        .contains("Do you want to sign-out");
    assertThat(get(url("/api/sessions")).statusCode()).isEqualTo(401);
  }

  private static String form(HttpResponse<String> page) {
    Matcher form = FORM.matcher(page.body());
    assertThat(form.find()).as("%s %s", page.uri(), page.body()).isTrue();
    return form.group(1);
  }

  private HttpResponse<String> get(String address) throws Exception {
    return browser.send(
        HttpRequest.newBuilder(URI.create(address)).build(), BodyHandlers.ofString());
  }

  private HttpResponse<String> post(String address, String body) throws Exception {
    return browser.send(
        HttpRequest.newBuilder(URI.create(address))
            .header("Content-Type", "application/x-www-form-urlencoded")
            .POST(BodyPublishers.ofString(body))
            .build(),
        BodyHandlers.ofString());
  }

  private String url(String path) {
    return "http://127.0.0.1:" + gateway.port + path;
  }
}
