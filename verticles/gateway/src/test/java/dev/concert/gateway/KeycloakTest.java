package dev.concert.gateway;

import static dev.concert.gateway.RunningGateway.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.concert.foundation.openid.OpenIdOptions;
import dev.concert.gateway.registry.Registries;
import dev.concert.gateway.tenant.Tenants;
import dev.concert.testing.Await;
import dev.concert.testing.TestIssuer;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.CookieHandler;
import java.net.CookieManager;
import java.net.ServerSocket;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/**
 * A real Keycloak: a person signs in on the page, a program shows an access token, keys rotate, and
 * an administrator ends the person's session. A campaign, for it takes a minute and 180 MB: {@code
 * -Dconcert.keycloak=FILE} names its distribution, {@code keycloak-quarkus-dist-26.7.3.zip} of
 * Maven Central.
 */
@Timeout(900)
@EnabledIfSystemProperty(named = "concert.keycloak", matches = ".+\\.zip")
class KeycloakTest {
  private static final String CLIENT = "the-page";
  private static final String SECRET = "s3cret-of-the-page";
  private static final String PASSWORD = "a long password";
  private static final Pattern FORM = Pattern.compile("action=\"([^\"]+)\"");

  /** After this time the page's session is renewed, with Keycloak's refresh token. */
  private static final int TOKEN_SECONDS = 10;

  @TempDir Path data;
  private Process keycloak;
  private RunningGateway gateway;
  private String server;

  /** A browser that follows redirects and keeps cookies. */
  private final HttpClient browser =
      HttpClient.newBuilder()
          .followRedirects(HttpClient.Redirect.NORMAL)
          .cookieHandler(new LoopbackCookies())
          .build();

  /** As browsers do on a loopback address, it sends cookies that are {@code Secure}. */
  private static final class LoopbackCookies extends CookieHandler {
    private final CookieManager cookies = new CookieManager();

    @Override
    public Map<String, List<String>> get(URI uri, Map<String, List<String>> headers)
        throws IOException {
      return cookies.get(uri, headers);
    }

    @Override
    public void put(URI uri, Map<String, List<String>> headers) throws IOException {
      Map<String, List<String>> plain = new HashMap<>(headers);
      plain.computeIfPresent(
          "set-cookie",
          (_, values) ->
              values.stream().map(value -> value.replaceAll("(?i); *secure", "")).toList());
      cookies.put(uri, plain);
    }
  }

  @BeforeEach
  void start() throws Exception {
    startKeycloak();
    Vertx vertx = Vertx.vertx();
    Registries registries = new Registries(vertx, data.resolve("tenants"));
    await(new Tenants(registries).create("acme", "Acme", "ada@example.com"));
    await(registries.close());
    await(vertx.close());
    OpenIdOptions defaults =
        OpenIdOptions.of(URI.create(server + "/realms/concert"), TestIssuer.AUDIENCE);
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
                            Optional.of(SECRET),
                            defaults.proxies()))));
    createRealm();
  }

  private void startKeycloak() throws Exception {
    Path unpacked = data.resolve("keycloak");
    Process unzip =
        new ProcessBuilder(
                "unzip", "-q", System.getProperty("concert.keycloak"), "-d", unpacked.toString())
            .inheritIO()
            .start();
    assertThat(unzip.waitFor()).isZero();
    int port;
    try (ServerSocket free = new ServerSocket(0)) {
      port = free.getLocalPort();
    }
    server = "http://127.0.0.1:" + port;
    ProcessBuilder builder =
        new ProcessBuilder(
            unpacked.resolve("keycloak-26.7.3/bin/kc.sh").toString(),
            "start-dev",
            "--http-host=127.0.0.1",
            "--http-port=" + port);
    builder.environment().put("KC_BOOTSTRAP_ADMIN_USERNAME", "admin");
    builder.environment().put("KC_BOOTSTRAP_ADMIN_PASSWORD", PASSWORD);
    builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
    builder.redirectErrorStream(true).redirectOutput(data.resolve("keycloak.log").toFile());
    keycloak = builder.start();
    while (!isThere()) {
      // Its first start takes minutes on a busy machine.
      assertThat(keycloak.waitFor(1, TimeUnit.SECONDS)).as("it has ended").isFalse();
    }
  }

  private boolean isThere() {
    try {
      return get(server + "/realms/master").statusCode() == 200;
    } catch (UncheckedIOException notYet) {
      return false;
    }
  }

  private void createRealm() {
    admin(
        "POST",
        "",
        new JsonObject()
            .put("realm", "concert")
            .put("enabled", true)
            .put("accessTokenLifespan", TOKEN_SECONDS));
    JsonObject audience =
        new JsonObject()
            .put("included.custom.audience", TestIssuer.AUDIENCE)
            .put("access.token.claim", "true");
    JsonObject tenant =
        new JsonObject()
            .put("claim.name", "tenant_id")
            .put("claim.value", "acme")
            .put("jsonType.label", "String")
            .put("id.token.claim", "true")
            .put("access.token.claim", "true");
    admin(
        "POST",
        "/concert/clients",
        new JsonObject()
            .put("clientId", CLIENT)
            .put("secret", SECRET)
            .put("directAccessGrantsEnabled", true)
            .put("redirectUris", new JsonArray().add(url("/auth/callback")))
            .put("attributes", new JsonObject().put("pkce.code.challenge.method", "S256"))
            .put(
                "protocolMappers",
                new JsonArray()
                    .add(mapper("audience", "oidc-audience-mapper", audience))
                    .add(mapper("tenant", "oidc-hardcoded-claim-mapper", tenant))));
    admin(
        "POST",
        "/concert/users",
        new JsonObject()
            .put("username", "ada")
            .put("firstName", "Ada")
            .put("lastName", "Lovelace")
            .put("email", "ada@example.com")
            .put("emailVerified", true)
            .put("enabled", true)
            .put(
                "credentials",
                new JsonArray()
                    .add(new JsonObject().put("type", "password").put("value", PASSWORD))));
  }

  private static JsonObject mapper(String name, String kind, JsonObject config) {
    return new JsonObject()
        .put("name", name)
        .put("protocol", "openid-connect")
        .put("protocolMapper", kind)
        .put("config", config);
  }

  @AfterEach
  void stop() throws Exception {
    if (gateway != null) {
      gateway.close();
    }
    keycloak.descendants().forEach(ProcessHandle::destroyForcibly);
    keycloak.destroyForcibly().waitFor();
  }

  @Test
  void aPersonSignsInKeysRotateAndAnAdministratorEndsTheSession() throws Exception {
    HttpResponse<String> page = get(url("/auth/login"));
    Matcher form = FORM.matcher(page.body());
    assertThat(form.find()).as("%s %s", page.uri(), page.body()).isTrue();
    page =
        post(form.group(1).replace("&amp;", "&"), Map.of("username", "ada", "password", PASSWORD));
    assertThat(page.uri()).as(page.body()).hasToString(url("/"));
    JsonObject identity =
        new JsonObject(get(url("/auth/session")).body()).getJsonObject("identity");
    assertThat(identity.getString("email")).isEqualTo("ada@example.com");
    assertThat(identity.getString("role")).isEqualTo("owner");

    String before = accessToken();
    assertThat(asProgram(before)).isEqualTo(200);
    assertThat(asProgram(before.substring(0, before.length() - 8) + "AAAAAAAA")).isEqualTo(401);

    admin(
        "POST",
        "/concert/components",
        new JsonObject()
            .put("name", "newer")
            .put("providerId", "rsa-generated")
            .put("providerType", "org.keycloak.keys.KeyProvider")
            .put("config", new JsonObject().put("priority", new JsonArray().add("200"))));
    assertThat(header(accessToken())).isNotEqualTo(header(before));
    Await.until(
        "tokens of the new key are taken", () -> pause() && asProgram(accessToken()) == 200);

    assertThat(get(url("/api/sessions")).statusCode()).as("renewed meanwhile").isEqualTo(200);
    String user =
        new JsonArray(admin("GET", "/concert/users?username=ada", null))
            .getJsonObject(0)
            .getString("id");
    admin("POST", "/concert/users/" + user + "/logout", new JsonObject());
    Await.until(
        "the page's session has ended",
        () -> pause() && get(url("/api/sessions")).statusCode() == 401);
  }

  /** Whoever shows bad tokens all the time has to wait. */
  private boolean pause() {
    await(gateway.vertx.timer(2, TimeUnit.SECONDS));
    return true;
  }

  private static String header(String token) {
    return token.substring(0, token.indexOf('.'));
  }

  private int asProgram(String token) {
    return send(
            HttpClient.newHttpClient(),
            HttpRequest.newBuilder(URI.create(url("/api/sessions")))
                .header("Authorization", "Bearer " + token)
                .build())
        .statusCode();
  }

  private String accessToken() {
    return token(
        "concert",
        Map.of(
            "client_id",
            CLIENT,
            "client_secret",
            SECRET,
            "grant_type",
            "password",
            "scope",
            "openid",
            "username",
            "ada",
            "password",
            PASSWORD));
  }

  private String token(String realm, Map<String, String> fields) {
    HttpResponse<String> answer =
        post(server + "/realms/" + realm + "/protocol/openid-connect/token", fields);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return new JsonObject(answer.body()).getString("access_token");
  }

  private String admin(String method, String path, JsonObject body) {
    String token =
        token(
            "master",
            Map.of(
                "client_id",
                "admin-cli",
                "grant_type",
                "password",
                "username",
                "admin",
                "password",
                PASSWORD));
    HttpResponse<String> answer =
        send(
            HttpClient.newHttpClient(),
            HttpRequest.newBuilder(URI.create(server + "/admin/realms" + path))
                .header("Authorization", "Bearer " + token)
                .header("Content-Type", "application/json")
                .method(
                    method,
                    body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body.encode()))
                .build());
    assertThat(answer.statusCode()).as("%s %s", path, answer.body()).isBetween(200, 299);
    return answer.body();
  }

  private HttpResponse<String> get(String address) {
    return send(browser, HttpRequest.newBuilder(URI.create(address)).build());
  }

  private HttpResponse<String> post(String address, Map<String, String> fields) {
    String form =
        fields.entrySet().stream()
            .map(
                field ->
                    field.getKey()
                        + "="
                        + URLEncoder.encode(field.getValue(), StandardCharsets.UTF_8))
            .collect(Collectors.joining("&"));
    return send(
        browser,
        HttpRequest.newBuilder(URI.create(address))
            .header("Content-Type", "application/x-www-form-urlencoded")
            .POST(BodyPublishers.ofString(form))
            .build());
  }

  private static HttpResponse<String> send(HttpClient client, HttpRequest request) {
    try {
      return client.send(request, BodyHandlers.ofString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  private String url(String path) {
    return "http://127.0.0.1:" + gateway.port + path;
  }
}
