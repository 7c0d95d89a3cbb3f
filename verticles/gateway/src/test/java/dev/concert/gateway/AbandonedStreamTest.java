package dev.concert.gateway;

import dev.concert.gateway.auth.Authentication;
import dev.concert.gateway.auth.Authenticator;
import dev.concert.protocol.Identity;
import dev.concert.protocol.Role;
import dev.concert.testing.Await;
import io.vertx.core.Future;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A client that goes before its stream of events begins. */
class AbandonedStreamTest {
  private static final Identity OWNER = Identity.of("ann", "ann@example.com", "acme", Role.OWNER);

  @TempDir Path data;

  /** Everybody is the owner; it counts how often it is asked whether a token still holds. */
  private static final class Rechecked implements Authenticator {
    private final Map<String, AtomicInteger> rechecks = new ConcurrentHashMap<>();

    @Override
    public Optional<Identity> everybody() {
      return Optional.empty();
    }

    @Override
    public Future<Authentication> authenticate(String token) {
      return Future.succeededFuture(
          new Authentication(OWNER, Optional.empty(), Optional.of(() -> recheck(token))));
    }

    private Future<Authentication> recheck(String token) {
      counter(token).incrementAndGet();
      return Future.succeededFuture(Authentication.lasting(OWNER));
    }

    private AtomicInteger counter(String token) {
      return rechecks.computeIfAbsent(token, _ -> new AtomicInteger());
    }

    private int of(String token) {
      return counter(token).get();
    }
  }

  @Test
  void nothingGoesOnForAClientThatGoesWhileItsSessionIsOpened() throws Exception {
    Rechecked tokens = new Rechecked();
    try (RunningGateway gateway = RunningGateway.start(data, tokens)) {
      ApiClient api = new ApiClient(gateway.port);
      String session = createSession(api);
      try (Connection other = lockDatabase(session)) {
        stream(gateway, session, "abandoned").close();
        // The gateway takes note of the end before it answers what comes later.
        for (int i = 0; i < 20; i++) {
          api.get("/health/live");
        }
        other.rollback();
      }
      api.get(session + "/history", "Authorization", "Bearer other");

      try (SseClient _ = stream(gateway, session, "watched")) {
        Await.until("the credential of the client is no longer checked", () -> isForgotten(tokens));
      }
    }
  }

  /** Whether it was not asked about while it was asked twice about a stream that is open. */
  private static boolean isForgotten(Rechecked tokens) {
    int before = tokens.of("abandoned");
    int looks = tokens.of("watched") + 2;
    Await.until("the next looks", () -> tokens.of("watched") >= looks);
    return tokens.of("abandoned") == before;
  }

  /** The session cannot be opened before this is over. */
  private Connection lockDatabase(String session) throws Exception {
    Path folder = data.resolve("sessions").resolve(session.substring("/api/sessions/".length()));
    Files.createDirectories(folder);
    Connection other = DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("session.db"));
    other.createStatement().execute("PRAGMA locking_mode = EXCLUSIVE");
    other.setAutoCommit(false);
    other.createStatement().execute("CREATE TABLE unfinished (one INTEGER)");
    return other;
  }

  private static SseClient stream(RunningGateway gateway, String session, String token) {
    return new SseClient(
        gateway.port, "GET", session + "/events?afterSeq=0", "", "Authorization: Bearer " + token);
  }

  private static String createSession(ApiClient api) {
    return "/api/sessions/"
        + ApiClient.json(
                api.post("/api/sessions", "{'agentType':'echo'}", "Authorization", "Bearer other"),
                201)
            .path("session")
            .path("id")
            .asText();
  }
}
