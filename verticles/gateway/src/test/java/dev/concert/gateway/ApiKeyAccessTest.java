package dev.concert.gateway;

import static dev.concert.gateway.ApiClient.code;
import static dev.concert.gateway.ApiClient.json;
import static dev.concert.gateway.RunningGateway.await;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.concert.error.ConcertException;
import dev.concert.error.ErrorCode;
import dev.concert.gateway.auth.Authentication;
import dev.concert.gateway.auth.Authenticator;
import dev.concert.gateway.registry.Registries;
import dev.concert.gateway.tenant.Tenants;
import dev.concert.protocol.Identity;
import dev.concert.protocol.Role;
import dev.concert.testing.Fastest;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.Tuple;
import java.io.InputStream;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Programs with keys, on a gateway where everybody authenticates, with two tenants. */
class ApiKeyAccessTest {
  private static final Duration SECOND = Duration.ofSeconds(1);
  private static final Map<String, Identity> PEOPLE =
      Map.of(
          "admin-of-one", Identity.of("anna", "a@example.com", "one", Role.ADMIN),
          "developer-of-one", Identity.of("dora", "d@example.com", "one", Role.DEVELOPER),
          "admin-of-two", Identity.of("bert", "b@example.com", "two", Role.ADMIN));

  @TempDir static Path data;
  private static final Vertx VERTX = Vertx.vertx();
  private static Registries registries;
  private static RunningGateway gateway;
  private static ApiClient http;

  @BeforeAll
  static void start() {
    registries = new Registries(VERTX, data.resolve("tenants"));
    PEOPLE.values().forEach(person -> await(new Tenants(registries).ensure(person)));
    gateway = RunningGateway.start(data, new People());
    http = new ApiClient(gateway.port);
  }

  @AfterAll
  static void stop() {
    gateway.close();
    await(registries.close());
    await(VERTX.close());
  }

  @BeforeEach
  void everybodyHasTheirRole() {
    PEOPLE.values().forEach(ApiKeyAccessTest::rejoin);
  }

  @Test
  void aKeyInAuthenticateAndInTheHeaderIsItsOwnerWithTheKeysRights() {
    JsonNode created = create("developer-of-one", "{'name':'ci','role':'viewer'}");
    try (TestClient client = connect(created)) {
      client.next("authenticated");
      client.send("{'type':'create_session','agentType':'echo'}");
      assertThat(client.next("error").path("code").asText()).isEqualTo("FORBIDDEN");
      client.send("{'type':'list_sessions'}");
      client.next("session_list");
    }
    assertThat(get("/api/sessions", secret(created)).statusCode()).isEqualTo(200);
  }

  @Test
  void whatIsRevokedLosesItsOpenWebSocketWithinASecond() {
    Fastest.isWithin(
        SECOND,
        _ -> {
          JsonNode created = create("developer-of-one", "{'name':'ci'}");
          try (TestClient client = connect(created)) {
            client.next("authenticated");
            revoke("developer-of-one", created);
            return Fastest.time(() -> assertThat(closeCode(client)).isEqualTo(4401));
          }
        });
  }

  @Test
  void whatIsRevokedLosesItsOpenStreamWithinASecond() throws Exception {
    JsonNode maker = create("developer-of-one", "{'name':'maker'}");
    String session =
        json(
                http.post(
                    "/api/sessions",
                    "{'agentType':'echo'}",
                    "Authorization",
                    "Bearer " + secret(maker)),
                201)
            .path("session")
            .path("id")
            .asText();
    Fastest.isWithin(
        SECOND,
        _ -> {
          JsonNode created = create("developer-of-one", "{'name':'stream'}");
          try (HttpClient client = HttpClient.newHttpClient();
              InputStream stream = openStream(client, session, secret(created))) {
            revoke("developer-of-one", created);
            return Fastest.time(() -> readToEnd(stream));
          } catch (Exception e) {
            throw new AssertionError(e);
          }
        });
  }

  @Test
  void whoIsDemotedOrRemovedLosesTheSocketsOfTheirKeys() {
    JsonNode created = create("admin-of-one", "{'name':'ci'}");
    try (TestClient client = connect(created)) {
      client.next("authenticated");
      setRole("one", "anna", "viewer");
      assertThat(closeCode(client)).isEqualTo(4401);
    }
    try (TestClient client = connect(created)) {
      assertThat(permissions(client)).containsExactly("threads.read");
      remove("one", "anna");
      assertThat(closeCode(client)).isEqualTo(4401);
    }
    assertThat(code(get("/api/sessions", secret(created)), 401)).isEqualTo("AUTH_FAILED");
  }

  @Test
  void whoIsDemotedToAViewerStillListsAndRevokesTheirKeys() {
    JsonNode created = create("developer-of-one", "{'name':'left over'}");
    setRole("one", "dora", "viewer");
    assertThat(
            code(
                http.post("/api/keys", "{'name':'k'}", "Authorization", bearer("developer-of-one")),
                403))
        .isEqualTo("FORBIDDEN");
    assertThat(get("/api/keys", "developer-of-one").body()).contains("left over");
    revoke("developer-of-one", created);
  }

  @Test
  void nobodyCreatesAKeyAboveTheirOwnRights() {
    for (String body :
        List.of(
            "{'name':'k','role':'admin'}",
            "{'name':'k','role':'owner'}",
            "{'name':'k','permissions':['members.manage']}",
            "{'name':'k','role':'viewer','permissions':['threads.write']}")) {
      assertThat(
              code(http.post("/api/keys", body, "Authorization", bearer("developer-of-one")), 403))
          .as(body)
          .isEqualTo("FORBIDDEN");
    }
  }

  @Test
  void whoManagesMembersSeesAndRevokesTheKeysOfOthersOfTheTenantOnly() {
    JsonNode created = create("developer-of-one", "{'name':'for review'}");
    assertThat(get("/api/keys?all=true", "admin-of-one").body()).contains("for review");
    assertThat(get("/api/keys", "admin-of-one").body()).doesNotContain("for review");
    assertThat(code(get("/api/keys?all=true", "developer-of-one"), 403)).isEqualTo("FORBIDDEN");

    assertThat(get("/api/keys?all=true", "admin-of-two").body()).doesNotContain("for review");
    assertThat(code(delete("admin-of-two", created), 404)).isEqualTo("KEY_NOT_FOUND");
    assertThat(get("/api/sessions", secret(created)).statusCode()).isEqualTo(200);
    revoke("admin-of-one", created);
    assertThat(code(get("/api/sessions", secret(created)), 401)).isEqualTo("AUTH_FAILED");
  }

  @Test
  void aKeyOfOneTenantFindsNothingOfAnother() {
    JsonNode ofOne = create("developer-of-one", "{'name':'one'}");
    JsonNode ofTwo = create("admin-of-two", "{'name':'two'}");
    String session =
        json(
                http.post(
                    "/api/sessions",
                    "{'agentType':'echo'}",
                    "Authorization",
                    "Bearer " + secret(ofOne)),
                201)
            .path("session")
            .path("id")
            .asText();
    assertThat(code(get("/api/sessions/" + session, secret(ofTwo)), 404))
        .isEqualTo("SESSION_NOT_FOUND");
    assertThat(
            code(
                http.post(
                    "/api/keys",
                    "{'name':'k','sessions':['" + session + "']}",
                    "Authorization",
                    bearer("admin-of-two")),
                404))
        .isEqualTo("SESSION_NOT_FOUND");
  }

  @Test
  void aKeyForOneSessionFindsNoOther() {
    String own = createSession("developer-of-one");
    String other = createSession("developer-of-one");
    String key = secret(create("developer-of-one", "{'name':'one','sessions':['" + own + "']}"));
    assertThat(get("/api/sessions/" + own, key).statusCode()).isEqualTo(200);
    assertThat(code(get("/api/sessions/" + other, key), 404)).isEqualTo("SESSION_NOT_FOUND");
    assertThat(get("/api/sessions", key).body()).contains(own).doesNotContain(other);
  }

  private static String createSession(String person) {
    return json(
            http.post("/api/sessions", "{'agentType':'echo'}", "Authorization", bearer(person)),
            201)
        .path("session")
        .path("id")
        .asText();
  }

  private static JsonNode create(String person, String body) {
    return json(http.post("/api/keys", body, "Authorization", bearer(person)), 201);
  }

  private static String secret(JsonNode created) {
    return created.path("secret").asText();
  }

  private static void revoke(String person, JsonNode created) {
    json(delete(person, created), 200);
  }

  private static HttpResponse<String> delete(String person, JsonNode created) {
    String path = "/api/keys/" + created.path("key").path("keyId").asText();
    return http.send("DELETE", path, "", "Authorization", bearer(person));
  }

  private static HttpResponse<String> get(String path, String token) {
    return http.get(path, "Authorization", bearer(token));
  }

  private static String bearer(String token) {
    return "Bearer " + token;
  }

  private static TestClient connect(JsonNode created) {
    TestClient client = TestClient.connectOnly(gateway.port);
    client.send("{'type':'authenticate','token':'" + secret(created) + "'}");
    return client;
  }

  private static List<String> permissions(TestClient client) {
    List<String> permissions = new ArrayList<>();
    client
        .next("authenticated")
        .path("identity")
        .path("permissions")
        .forEach(one -> permissions.add(one.asText()));
    return permissions;
  }

  private static int closeCode(TestClient client) {
    return client.next("closed").path("code").asInt();
  }

  private static InputStream openStream(HttpClient client, String session, String key)
      throws Exception {
    HttpResponse<InputStream> response =
        client.send(
            http.request(
                "GET",
                "/api/sessions/" + session + "/events?afterSeq=0",
                "",
                "Authorization",
                bearer(key),
                "Accept",
                "text/event-stream"),
            HttpResponse.BodyHandlers.ofInputStream());
    assertThat(response.statusCode()).isEqualTo(200);
    return response.body();
  }

  private static void readToEnd(InputStream stream) {
    try {
      stream.readAllBytes();
    } catch (java.io.IOException e) {
      throw new AssertionError("The stream broke instead of ending", e);
    }
  }

  private static void setRole(String tenant, String user, String role) {
    change(tenant, "UPDATE members SET role = ? WHERE user_id = ?", Tuple.of(role, user));
  }

  private static void remove(String tenant, String user) {
    change(tenant, "DELETE FROM members WHERE user_id = ?", Tuple.of(user));
  }

  private static void rejoin(Identity person) {
    await(new Tenants(registries).ensure(person));
    setRole(person.tenantId(), person.userId(), person.role().wireName());
  }

  private static void change(String tenant, String sql, Tuple parameters) {
    await(registries.in(tenant, database -> database.update(sql, parameters)));
  }

  /** Everybody shows a name as their token; their role is that of the registry. */
  private static final class People implements Authenticator {
    @Override
    public Optional<Identity> everybody() {
      return Optional.empty();
    }

    @Override
    public Future<Authentication> authenticate(String token) {
      Identity known = PEOPLE.get(token);
      if (known == null) {
        return Future.failedFuture(new ConcertException(ErrorCode.AUTH_FAILED, "Nobody."));
      }
      return registries
          .in(
              known.tenantId(),
              database ->
                  database.query(
                      "SELECT role FROM members WHERE user_id = ?", Tuple.of(known.userId())))
          .map(
              rows ->
                  Authentication.lasting(
                      Identity.of(
                          known.userId(),
                          known.email(),
                          known.tenantId(),
                          Role.ofWireName(rows.iterator().next().getString("role"))
                              .orElseThrow())));
    }
  }
}
