package dev.concert.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.concert.error.ConcertException;
import dev.concert.error.ErrorCode;
import dev.concert.gateway.auth.Authentication;
import dev.concert.gateway.auth.Authenticator;
import dev.concert.protocol.Identity;
import dev.concert.protocol.Role;
import io.vertx.core.Future;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A session is read by a link, where everybody else has to authenticate. */
class SharedLinkTest {
  private static final String ANNE = "anne";

  @TempDir private Path data;

  @Test
  void whoHasTheLinkReadsTheMessagesNowAndLater() {
    try (RunningGateway gateway = RunningGateway.start(data, new ByToken());
        TestClient owner = client(gateway, ANNE)) {
      String session = owner.createSession();
      owner.join(session);
      turn(gateway, owner, session, "what is it?", "a secret answer: no");
      String path = share(owner, session);

      try (SseClient view = new SseClient(gateway.port, "GET", path + "/events", "")) {
        assertThat(view.next().orElseThrow().data().path("type").asText()).isEqualTo("opened");
        assertThat(view.next().orElseThrow().data().path("content").asText())
            .isEqualTo("what is it?");
        JsonNode answer = view.next().orElseThrow().data();
        assertThat(answer.path("content").asText()).isEqualTo("a secret answer: no");
        turn(gateway, owner, session, "and now?", "more");
        assertThat(nextMessage(view)).isEqualTo("and now?");
        assertThat(nextMessage(view)).isEqualTo("more");
        assertThat(answer.toString()).doesNotContain(session, ANNE);
        assertThat(view.head)
            .contains("x-robots-tag: noindex, nofollow", "cache-control: no-store")
            .anySatisfy(
                line -> assertThat(line).startsWith("content-security-policy: default-src 'none'"));
      }
      ApiClient nobody = new ApiClient(gateway.port);
      assertThat(nobody.get("/api/sessions/" + session + "/messages").statusCode()).isEqualTo(401);
      assertThat(nobody.get(path + "/files").statusCode()).isEqualTo(404);
    }
  }

  @Test
  void whatARewindTookOutIsNotShownAndGoesFromOpenPages() {
    try (RunningGateway gateway = RunningGateway.start(data, new ByToken());
        TestClient owner = client(gateway, ANNE)) {
      String session = owner.createSession();
      owner.join(session);
      turn(gateway, owner, session, "one", "first");
      turn(gateway, owner, session, "two", "regretted");
      String path = share(owner, session);
      owner.send("{'type':'get_history','sessionId':'" + session + "'}");
      String second = owner.next("history").path("messages").path(2).path("messageId").asText();

      try (SseClient view = new SseClient(gateway.port, "GET", path + "/events", "")) {
        for (int i = 0; i < 5; i++) {
          view.next();
        }
        owner.send(
            "{'type':'rewind_session','sessionId':'%s','messageId':'%s'}"
                .formatted(session, second));
        owner.next("session.rewound");
        assertThat(view.next().orElseThrow().data().path("type").asText()).isEqualTo("rewound");
      }
      try (SseClient view = new SseClient(gateway.port, "GET", path + "/events", "")) {
        view.next();
        assertThat(nextMessage(view)).isEqualTo("one");
        assertThat(nextMessage(view)).isEqualTo("first");
        turn(gateway, owner, session, "three", "third");
        assertThat(nextMessage(view)).isEqualTo("three");
      }
    }
  }

  @Test
  void aRevokedLinkEndsItsOpenPagesAtOnceAndLooksLikeOneThatNeverWas() {
    try (RunningGateway gateway = RunningGateway.start(data, new ByToken());
        TestClient owner = client(gateway, ANNE)) {
      String session = owner.createSession();
      String path = share(owner, session);
      owner.send("{'type':'list_shares','sessionId':'" + session + "'}");
      JsonNode shares = owner.next("share_list").path("shares");
      assertThat(shares).hasSize(1);
      assertThat(shares.toString()).doesNotContain(path);
      String id = shares.path(0).path("shareId").asText();

      try (SseClient view = new SseClient(gateway.port, "GET", path + "/events", "")) {
        view.next();
        owner.send(
            "{'type':'revoke_share','sessionId':'%s','shareId':'%s'}".formatted(session, id));
        owner.next("share_revoked");
        long since = System.nanoTime();
        assertThat(view.next().orElseThrow().data().path("type").asText()).isEqualTo("ended");
        assertThat(view.rest()).isEmpty();
        assertThat(Duration.ofNanos(System.nanoTime() - since)).isLessThan(Duration.ofSeconds(1));
      }
      ApiClient nobody = new ApiClient(gateway.port);
      String[] sameId = {"X-Request-Id", "one"};
      assertThat(ApiClient.code(nobody.get(path + "/events"), 404)).isEqualTo("NOT_FOUND");
      assertThat(nobody.get(path + "/events", sameId).body())
          .isEqualTo(nobody.get("/shared/" + "0".repeat(64) + "/events", sameId).body());
      owner.send("{'type':'revoke_share','sessionId':'%s','shareId':'%s'}".formatted(session, id));
      assertThat(owner.next("error").path("code").asText()).isEqualTo("SHARE_NOT_FOUND");
    }
  }

  @Test
  void aLinkOutlivesAServerAndEndsWithItsTime() throws Exception {
    String path;
    try (RunningGateway gateway = RunningGateway.start(data, new ByToken());
        TestClient owner = client(gateway, ANNE)) {
      path = share(owner, owner.createSession());
    }
    assertThat(tokenIsStored(path)).isFalse();
    expireIn(Duration.ofSeconds(5));
    try (RunningGateway gateway = RunningGateway.start(data, new ByToken());
        SseClient view = new SseClient(gateway.port, "GET", path + "/events", "")) {
      assertThat(view.next().orElseThrow().data().path("type").asText()).isEqualTo("opened");
      assertThat(view.next().orElseThrow().data().path("type").asText()).isEqualTo("ended");
      assertThat(view.rest()).isEmpty();
      assertThat(new ApiClient(gateway.port).get(path + "/events").statusCode()).isEqualTo(404);
    }
  }

  private boolean tokenIsStored(String path) throws SQLException {
    String token = path.substring(path.lastIndexOf('/') + 1);
    try (Connection registry = registry();
        var query = registry.prepareStatement("SELECT 1 FROM shares WHERE token_hash = ?")) {
      query.setString(1, token);
      return query.executeQuery().next();
    }
  }

  private void expireIn(Duration time) throws SQLException {
    try (Connection registry = registry();
        var update = registry.prepareStatement("UPDATE shares SET expires_at = ?")) {
      update.setLong(1, System.currentTimeMillis() + time.toMillis());
      assertThat(update.executeUpdate()).isEqualTo(1);
    }
  }

  private Connection registry() throws SQLException {
    return DriverManager.getConnection(
        "jdbc:sqlite:" + data.resolve("tenants").resolve(ANNE).resolve("registry.db"));
  }

  @Test
  void aLinkEndsWithItsSession() {
    try (RunningGateway gateway = RunningGateway.start(data, new ByToken());
        TestClient owner = client(gateway, ANNE)) {
      String session = owner.createSession();
      String path = share(owner, session);
      try (SseClient view = new SseClient(gateway.port, "GET", path + "/events", "")) {
        view.next();
        owner.send("{'type':'delete_session','sessionId':'" + session + "'}");
        owner.next("session_deleted");
        assertThat(view.next().orElseThrow().data().path("type").asText()).isEqualTo("ended");
      }
      assertThat(new ApiClient(gateway.port).get(path + "/events").statusCode()).isEqualTo(404);
    }
  }

  @Test
  void anotherTenantNeitherSharesNorSeesNorEndsALink() {
    try (RunningGateway gateway = RunningGateway.start(data, new ByToken());
        TestClient owner = client(gateway, ANNE);
        TestClient stranger = client(gateway, "bob")) {
      String session = owner.createSession();
      share(owner, session);
      owner.send("{'type':'list_shares','sessionId':'" + session + "'}");
      String id = owner.next("share_list").path("shares").path(0).path("shareId").asText();
      for (String request :
          new String[] {
            "{'type':'create_share','sessionId':'" + session + "'}",
            "{'type':'list_shares','sessionId':'" + session + "'}",
            "{'type':'revoke_share','sessionId':'%s','shareId':'%s'}".formatted(session, id),
            "{'type':'rewind_session','sessionId':'%s','messageId':'m'}".formatted(session),
            "{'type':'fork_session','sessionId':'" + session + "'}"
          }) {
        stranger.send(request);
        assertThat(stranger.next("error").path("code").asText())
            .as(request)
            .isEqualTo("SESSION_NOT_FOUND");
      }
    }
  }

  @Test
  void anAddressThatTriesManyLinksHasToWait() {
    try (RunningGateway gateway = RunningGateway.start(data, new ByToken())) {
      ApiClient nobody = new ApiClient(gateway.port);
      int status = 404;
      int tries = 0;
      while (status == 404 && tries < 1000) {
        status = nobody.get("/shared/" + tries++ + "/events").statusCode();
      }
      assertThat(status).isEqualTo(429);
    }
  }

  private static String share(TestClient owner, String session) {
    owner.send("{'type':'create_share','sessionId':'" + session + "','expiresInHours':1}");
    String path = owner.next("share_created").path("path").asText();
    assertThat(path).matches("/shared/[0-9a-f]{64}");
    return path;
  }

  private static void turn(
      RunningGateway gateway, TestClient owner, String session, String text, String answer) {
    String turn = owner.runTurn(session, text);
    gateway.podium.complete("agent_" + session, turn, answer);
    owner.next("turn_complete");
  }

  private static String nextMessage(SseClient view) {
    while (true) {
      JsonNode event = view.next().orElseThrow().data();
      if (event.path("type").asText().equals("message")) {
        return event.path("content").asText();
      }
    }
  }

  private static TestClient client(RunningGateway gateway, String token) {
    TestClient client = TestClient.connectOnly(gateway.port);
    client.send("{'type':'authenticate','token':'" + token + "'}");
    client.next("authenticated");
    return client;
  }

  /** Takes the token for the tenant. */
  private static final class ByToken implements Authenticator {
    @Override
    public Optional<Identity> everybody() {
      return Optional.empty();
    }

    @Override
    public Future<Authentication> authenticate(String token) {
      return token.isEmpty()
          ? Future.failedFuture(new ConcertException(ErrorCode.AUTH_FAILED, "No."))
          : Future.succeededFuture(
              Authentication.lasting(
                  Identity.of("u-" + token, token + "@example.com", token, Role.OWNER)));
    }
  }
}
