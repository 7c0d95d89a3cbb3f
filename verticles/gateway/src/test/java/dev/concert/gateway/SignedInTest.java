package dev.concert.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.fasterxml.jackson.databind.JsonNode;
import dev.concert.foundation.openid.OpenIdOptions;
import dev.concert.gateway.registry.Registries;
import dev.concert.gateway.tenant.Tenants;
import dev.concert.testing.TestIssuer;
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
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.slf4j.LoggerFactory;

/** A gateway whose clients show the tokens of an issuer, with two tenants. */
class SignedInTest {
  private static @TempDir Path data;
  private @TempDir Path more;
  private static Vertx vertx;
  private static TestIssuer issuer;
  private static RunningGateway gateway;

  @BeforeAll
  static void start() {
    vertx = Vertx.vertx();
    issuer = TestIssuer.start(vertx);
    Registries registries = new Registries(vertx, data.resolve("tenants"));
    Tenants tenants = new Tenants(registries);
    RunningGateway.await(tenants.create("acme", "Acme", "ada@example.com"));
    RunningGateway.await(tenants.create("beta", "Beta", "bob@example.com"));
    RunningGateway.await(registries.close());
    gateway = RunningGateway.start(options(data));
  }

  private static GatewayOptions options(Path data) {
    return RunningGateway.options(data)
        .withAuth(Optional.of(OpenIdOptions.of(URI.create(issuer.url()), TestIssuer.AUDIENCE)));
  }

  @AfterAll
  static void stop() {
    gateway.close();
    RunningGateway.await(vertx.close());
  }

  private static TestClient signedIn(String subject, String tenantId) {
    TestClient client = TestClient.connectOnly(gateway.port);
    client.send("{'type':'authenticate','token':'" + issuer.token(subject, tenantId) + "'}");
    client.next("authenticated");
    return client;
  }

  private static HttpResponse<String> get(String path, String token) throws Exception {
    return get(gateway, path, token);
  }

  private static HttpResponse<String> get(RunningGateway gateway, String path, String token)
      throws Exception {
    return HttpClient.newHttpClient()
        .send(
            HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + gateway.port + path))
                .header("Authorization", "Bearer " + token)
                .build(),
            BodyHandlers.ofString());
  }

  @Test
  void aTokenOpensItsTenantAndNoOther() throws Exception {
    try (TestClient ada = signedIn("ada", "acme");
        TestClient bob = signedIn("bob", "beta")) {
      String session = ada.createSession();

      bob.send("{'type':'join_session','sessionId':'" + session + "'}");
      assertThat(bob.next("error").path("code").asText()).isEqualTo("SESSION_NOT_FOUND");
      String path = "/api/sessions/" + session;
      assertThat(get(path, issuer.token("ada", "acme")).statusCode()).isEqualTo(200);
      assertThat(get(path, issuer.token("bob", "beta")).statusCode()).isEqualTo(404);
      assertThat(get(path, issuer.token("bob", "acme")).statusCode()).isEqualTo(401);
    }
  }

  @Test
  void whoIsNoMemberIsToldNothingOfTheTenant() {
    try (TestClient client = TestClient.connectOnly(gateway.port)) {
      client.send("{'type':'authenticate','token':'" + issuer.token("eve", "acme") + "'}");
      JsonNode foreign = client.next("error");
      client.send("{'type':'authenticate','token':'" + issuer.token("eve", "nobodys") + "'}");
      JsonNode missing = client.next("error");

      assertThat(foreign.path("code").asText()).isEqualTo("AUTH_FAILED");
      assertThat(foreign.path("message")).isEqualTo(missing.path("message"));
    }
  }

  /** Seconds that a token is valid beyond its end. */
  private static final long SKEW = 30;

  private static String endingIn(String subject, String tenantId, long millis) {
    long end = (System.currentTimeMillis() + millis) / 1000 - SKEW;
    return issuer.token(issuer.claims(subject, tenantId).put("exp", end));
  }

  @Test
  void theConnectionEndsWithItsToken() {
    try (TestClient ada = TestClient.connectOnly(gateway.port)) {
      ada.send("{'type':'authenticate','token':'" + endingIn("ada", "acme", 4_000) + "'}");
      ada.next("authenticated");

      assertThat(ada.next("closed").path("code").asInt()).isEqualTo(4401);
    }
  }

  @Test
  void aRoleThatAnotherProcessChangesReachesTheOpenConnections() throws Exception {
    Registries other = new Registries(vertx, data.resolve("tenants"));
    RunningGateway.await(
        other.in(
            "acme",
            database ->
                database.update(
                    "INSERT INTO members VALUES ('zoe', ?, 'zoe@example.com', 'developer', 1)",
                    Tuple.of(issuer.url()))));
    try (TestClient zoe = signedIn("zoe", "acme");
        TestClient ada = signedIn("ada", "acme")) {
      RunningGateway.await(
          other.in(
              "acme",
              database ->
                  database.update(
                      "UPDATE members SET role = 'viewer' WHERE user_id = ?", Tuple.of("zoe"))));

      assertThat(zoe.next("closed").path("code").asInt()).isEqualTo(4401);
      try (TestClient again = signedIn("zoe", "acme")) {
        assertThat(again.request("{'type':'create_session','agentType':'echo'}").path("code"))
            .hasToString("\"FORBIDDEN\"");
      }
      ada.send("{'type':'ping'}");
      ada.next("pong");
    } finally {
      RunningGateway.await(other.close());
    }
  }

  @Test
  void aRoleThatAMemberChangesReachesTheOpenConnectionWhichGoesOn() {
    Registries other = new Registries(vertx, data.resolve("tenants"));
    RunningGateway.await(
        other.in(
            "acme",
            database ->
                database.update(
                    "INSERT INTO members VALUES ('yan', ?, 'yan@example.com', 'developer', 1)",
                    Tuple.of(issuer.url()))));
    RunningGateway.await(other.close());
    try (TestClient yan = signedIn("yan", "acme");
        TestClient ada = signedIn("ada", "acme")) {
      ada.request("{'type':'manage_members','action':'set_role','userId':'yan','role':'viewer'}");
      assertThat(yan.next("authenticated").path("identity").path("role").asText())
          .isEqualTo("viewer");

      ada.request("{'type':'manage_members','action':'set_role','userId':'yan','role':'guest'}");
      assertThat(yan.next("authenticated").path("identity").path("role").asText())
          .isEqualTo("guest");
      yan.send("{'type':'ping'}");
      yan.next("pong");
    }
  }

  @Test
  void aFurtherTokenOfTheSameUserRenewsTheConnection() {
    try (TestClient ada = TestClient.connectOnly(gateway.port);
        TestClient witness = TestClient.connectOnly(gateway.port)) {
      String token = endingIn("ada", "acme", 5_000);
      ada.send("{'type':'authenticate','token':'" + token + "'}");
      ada.next("authenticated");
      witness.send("{'type':'authenticate','token':'" + token + "'}");
      witness.next("authenticated");

      ada.send("{'type':'authenticate','token':'" + issuer.token("ada", "acme") + "'}");
      ada.next("authenticated");

      assertThat(witness.next("closed").path("code").asInt()).isEqualTo(4401);
      ada.send("{'type':'ping'}");
      ada.next("pong");
    }
  }

  @Test
  void aTokenOfAnotherUserOrTenantRenewsNothing() {
    try (TestClient ada = signedIn("ada", "acme")) {
      ada.send("{'type':'authenticate','token':'" + issuer.token("bob", "beta") + "'}");

      JsonNode refused = ada.next("error");
      assertThat(refused.path("code").asText()).isEqualTo("AUTH_FAILED");
      assertThat(refused.path("message").asText()).contains("belongs to another user or tenant");
      ada.send("{'type':'list_sessions'}");
      ada.next("session_list");
    }
  }

  @Test
  void beforeItsTokenAClientIsRefusedEverythingElseAndInTheEndClosed() {
    try (TestClient client = TestClient.connectOnly(gateway.port)) {
      for (String message : List.of("list_sessions", "ping", "create_session")) {
        client.send("{'type':'" + message + "','agentType':'echo','requestId':'r'}");
        JsonNode refused = client.next("error");
        assertThat(refused.path("code").asText()).as(message).isEqualTo("UNAUTHENTICATED");
        assertThat(refused.path("requestId").asText()).isEqualTo("r");
      }
      assertThat(client.next("closed").path("code").asInt()).isEqualTo(4401);
    }
  }

  @Test
  void aTokenInTheHandshakeSignsIn() {
    String token = issuer.token("ada", "acme");

    try (TestClient client =
        TestClient.open(
            gateway.port, "/ws", opening -> opening.header("Authorization", "bearer " + token))) {
      client.send("{'type':'list_sessions','requestId':'at once'}");

      assertThat(client.next("authenticated").at("/identity/userId").asText()).isEqualTo("ada");
      assertThat(client.next("session_list").path("requestId").asText()).isEqualTo("at once");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "concert.v1, concert.v1",
    "concert.v2, concert.v2",
    "concert.v9, ''",
    "'', ''",
  })
  void aPageShowsItsTokenAsASubprotocolAndNeverGetsItBack(String other, String accepted) {
    String token = "concert.bearer." + issuer.token("ada", "acme");
    String[] more = other.isEmpty() ? new String[0] : new String[] {other};

    try (TestClient client =
        TestClient.open(gateway.port, "/ws", opening -> opening.subprotocols(token, more))) {
      assertThat(client.next("authenticated").at("/identity/userId").asText()).isEqualTo("ada");
      assertThat(client.subprotocol()).isEqualTo(accepted);
    }
  }

  @Test
  void aBadTokenInTheHandshakeIsToldAndLeavesTimeForAGoodOne() {
    try (TestClient client =
        TestClient.open(
            gateway.port, "/ws", opening -> opening.header("Authorization", "Bearer nonsense"))) {
      assertThat(client.next("error").path("code").asText()).isEqualTo("AUTH_FAILED");
      client.send("{'type':'authenticate','token':'" + issuer.token("ada", "acme") + "'}");
      client.next("authenticated");
    }
  }

  @Test
  void whoeverGuessesHasToWait() throws Exception {
    try (RunningGateway guessed = RunningGateway.start(options(more))) {
      HttpResponse<String> refused = get(guessed, "/api/sessions", "nonsense");
      for (int i = 0; i < 25 && refused.statusCode() == 401; i++) {
        refused = get(guessed, "/api/sessions", "nonsense");
      }

      assertThat(refused.statusCode()).isEqualTo(429);
      assertThat(refused.headers().firstValue("Retry-After")).isPresent();
      assertThat(refused.body()).contains("AUTH_RATE_LIMITED");
      try (TestClient client = TestClient.connectOnly(guessed.port)) {
        client.send("{'type':'authenticate','token':'guess'}");
        JsonNode told = client.next("error");
        assertThat(told.path("code").asText()).isEqualTo("AUTH_RATE_LIMITED");
        assertThat(told.path("retryAfterMs").asLong()).isPositive();
      }
    }
  }

  @Test
  void noTokenIsInAnErrorOrInTheLog() throws Exception {
    String token = issuer.token("eve", "acme");
    ListAppender<ILoggingEvent> log = new ListAppender<>();
    log.start();
    List<Logger> loggers =
        Stream.of("io.netty", "io.vertx", "dev.concert").map(SignedInTest::logger).toList();
    loggers.forEach(
        one -> {
          one.setLevel(Level.TRACE);
          one.setAdditive(false);
          one.addAppender(log);
        });
    try {
      String body = get("/api/sessions", token).body();
      get("/api/sessions", token + "x");
      TestClient.open(
              gateway.port, "/ws", opening -> opening.subprotocols("concert.bearer." + token))
          .next("error");

      assertThat(body).doesNotContain(token).contains("AUTH_FAILED");
    } finally {
      loggers.forEach(
          one -> {
            one.detachAppender(log);
            one.setAdditive(true);
            one.setLevel(null);
          });
    }
    assertThat(List.copyOf(log.list))
        .isNotEmpty()
        .noneMatch(event -> event.getFormattedMessage().contains(token));
  }

  private static Logger logger(String name) {
    return (Logger) LoggerFactory.getLogger(name);
  }
}
