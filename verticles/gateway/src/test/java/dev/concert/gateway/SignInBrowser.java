package dev.concert.gateway;

import static dev.concert.gateway.RunningGateway.await;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.concert.foundation.openid.OpenIdOptions;
import dev.concert.gateway.auth.AccessOptions;
import dev.concert.gateway.registry.Registries;
import dev.concert.gateway.tenant.Tenants;
import dev.concert.json.Json;
import dev.concert.protocol.Role;
import dev.concert.testing.TestIssuer;
import dev.concert.testing.TestSignIn;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.Tuple;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** A browser that signs in with the page of a gateway, and the gateway and its issuer. */
final class SignInBrowser implements AutoCloseable {
  static final String CSRF = "X-CSRF-Token";
  private static final HttpClient HTTP = HttpClient.newHttpClient();

  private final Vertx vertx = Vertx.vertx();
  private final Path data;
  private final TestIssuer issuer = TestIssuer.start(vertx);
  private final TestSignIn provider = new TestSignIn(issuer);
  private final Registries registries;
  private RunningGateway gateway;

  private SignInBrowser(Path data) {
    this.data = data;
    registries = new Registries(vertx, data.resolve("tenants"));
    await(new Tenants(registries).create("acme", "Acme", "ada@example.com"));
    await(new Tenants(registries).create("beta", "Beta", "bob@example.com"));
    gateway = startGateway();
  }

  /** With a gateway on this data folder, and the tenants acme of Ada and beta of Bob. */
  static SignInBrowser start(Path data) {
    return new SignInBrowser(data);
  }

  private RunningGateway startGateway() {
    OpenIdOptions defaults = OpenIdOptions.of(URI.create(issuer.url()), TestIssuer.AUDIENCE);
    return RunningGateway.start(
        RunningGateway.options(data)
            .withAccess(AccessOptions.DEFAULT.withOrigins(List.of("https://concert.example")))
            .withAuth(
                Optional.of(
                    new OpenIdOptions(
                        defaults.issuer(),
                        defaults.audience(),
                        defaults.tenantClaim(),
                        defaults.algorithms(),
                        defaults.clockSkew(),
                        Optional.empty(),
                        Optional.of(TestSignIn.CLIENT),
                        Optional.of(TestSignIn.SECRET),
                        defaults.proxies()))));
  }

  TestSignIn provider() {
    return provider;
  }

  TestIssuer issuer() {
    return issuer;
  }

  Registries registries() {
    return registries;
  }

  /** A member who signs in with the provider. */
  void addMember(String user, String tenant, Role role) {
    await(
        registries.in(
            tenant,
            database ->
                database.update(
                    "INSERT INTO members VALUES (?, ?, ?, ?, 1)",
                    Tuple.of(user, issuer.url(), user + "@example.com", role.wireName()))));
  }

  Vertx vertx() {
    return vertx;
  }

  int port() {
    return gateway.port;
  }

  /** The gateway ends, this is done, and it starts again. */
  void restart(Runnable meanwhile) {
    gateway.close();
    try {
      meanwhile.run();
    } finally {
      gateway = startGateway();
    }
  }

  @Override
  public void close() {
    gateway.close();
    await(registries.close());
    await(vertx.close());
  }

  String signIn() {
    HttpResponse<String> back = callback(send("GET", "/auth/login"));
    assertThat(back.statusCode()).as(back.body()).isEqualTo(303);
    return cookie(back, "concert-session");
  }

  HttpResponse<String> callback(HttpResponse<String> login) {
    return send("GET", path(authorized(login)), "Cookie", cookie(login, "concert-signin"));
  }

  /** Where the provider sends the browser. */
  String authorized(HttpResponse<String> login) {
    return location(exchange(HttpRequest.newBuilder(URI.create(location(login))).build()));
  }

  HttpResponse<String> create(String cookie, String csrf) {
    return exchange(
        HttpRequest.newBuilder(URI.create(url("/api/sessions")))
            .POST(HttpRequest.BodyPublishers.ofString("{\"agentType\":\"echo\"}"))
            .headers("Cookie", cookie, CSRF, csrf)
            .build());
  }

  JsonNode session(String cookie) {
    return json(send("GET", "/auth/session", "Cookie", cookie));
  }

  JsonNode json(HttpResponse<String> response) {
    try {
      return Json.MAPPER.readTree(response.body());
    } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
      throw new AssertionError(response.body(), e);
    }
  }

  HttpResponse<String> send(String method, String path, String... headers) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(url(path)))
            .method(method, HttpRequest.BodyPublishers.noBody());
    if (headers.length > 0) {
      request.headers(headers);
    }
    return exchange(request.build());
  }

  HttpResponse<String> exchange(HttpRequest request) {
    try {
      return HTTP.send(request, BodyHandlers.ofString());
    } catch (Exception e) {
      throw new AssertionError(request.uri().toString(), e);
    }
  }

  String url(String path) {
    return "http://127.0.0.1:" + gateway.port + path;
  }

  String path(String url) {
    URI parsed = URI.create(url);
    assertThat(parsed.getPort()).isEqualTo(gateway.port);
    return parsed.getRawPath() + "?" + parsed.getRawQuery();
  }

  String parameter(String url, String name) {
    return Stream.of(url.substring(url.indexOf('?') + 1).split("&"))
        .filter(one -> one.startsWith(name + "="))
        .map(one -> one.substring(name.length() + 1))
        .findFirst()
        .orElseThrow();
  }

  String location(HttpResponse<String> response) {
    assertThat(response.statusCode()).as(response.body()).isEqualTo(303);
    return response.headers().firstValue("Location").orElseThrow();
  }

  List<String> setCookies(HttpResponse<String> response) {
    return response.headers().allValues("Set-Cookie");
  }

  /** As a request sends it. */
  String cookie(HttpResponse<String> response, String name) {
    return setCookies(response).stream()
        .filter(one -> one.startsWith(name + "="))
        .map(one -> one.substring(0, one.indexOf(';')))
        .findFirst()
        .orElseThrow();
  }
}
