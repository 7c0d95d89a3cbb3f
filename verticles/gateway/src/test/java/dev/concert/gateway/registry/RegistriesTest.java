package dev.concert.gateway.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.concert.error.ConcertException;
import dev.concert.protocol.Identity;
import dev.concert.protocol.Role;
import dev.concert.protocol.SessionMeta;
import dev.concert.protocol.SessionState;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RegistriesTest {
  @TempDir Path folder;
  private final Vertx vertx = Vertx.vertx();
  private Registries registries;

  @BeforeEach
  void open() {
    registries = new Registries(vertx, folder);
  }

  @AfterEach
  void close() {
    get(registries.close());
    get(vertx.close());
  }

  @Test
  void aSessionIsReadAsItWasWritten() {
    SessionMeta whole = session("t", "s", 5);
    SessionMeta bare =
        new SessionMeta(
            "b", "t", "n", "echo", null, null, SessionState.READY, true, "u", 1, 2, 3, null);
    get(registries.insert(whole));
    get(registries.insert(bare));
    assertThat(get(registries.find("t", "s"))).contains(whole);
    assertThat(get(registries.find("t", "b"))).contains(bare);
    assertThat(get(registries.find("t", "none"))).isEmpty();
  }

  @Test
  void aTenantSeesNothingOfAnother() {
    get(registries.insert(session("one", "s", 5)));
    assertThat(get(registries.find("two", "s"))).isEmpty();
    assertThat(get(registries.list(viewer("two"), true, Optional.empty(), 10)).sessions())
        .isEmpty();
  }

  @Test
  void whileTheFilesOfATenantAreRemovedNobodyOpensThemAgain() throws Exception {
    get(registries.insert(session("t", "s", 5)));
    Promise<Void> removal = Promise.promise();
    Future<Void> dropped = registries.drop("t", removal::future);

    assertThat(get(registries.exists("t"))).isFalse();
    assertThat(get(registries.find("t", "s").otherwise(Optional.empty()))).isEmpty();
    for (String file : List.of("registry.db", "registry.db-wal", "registry.db-shm")) {
      Files.deleteIfExists(folder.resolve("t").resolve(file));
    }
    removal.complete();
    get(dropped);

    assertThat(get(registries.exists("t"))).isFalse();
    // Another process creates a tenant of the same id.
    Registries other = new Registries(vertx, folder);
    get(other.insert(session("t", "new", 6)));
    get(other.close());
    assertThat(get(registries.exists("t"))).isTrue();
    assertThat(get(registries.find("t", "new"))).isPresent();
  }

  @Test
  void pagesGoFromNewToOldAndMissNothing() {
    for (int i = 0; i < 7; i++) {
      // Two of each age.
      get(registries.insert(session("t", "s" + i, i / 2)));
    }
    List<String> seen = new ArrayList<>();
    Optional<Cursor> after = Optional.empty();
    do {
      SessionPage page = get(registries.list(viewer("t"), false, after, 3));
      page.sessions().forEach(session -> seen.add(session.id()));
      after = Optional.ofNullable(page.nextCursor()).map(Cursor::parse);
    } while (after.isPresent());
    assertThat(seen).containsExactly("s6", "s5", "s4", "s3", "s2", "s1", "s0");
  }

  @Test
  void anArchivedSessionIsListedOnRequestOnly() {
    SessionMeta archived =
        new SessionMeta(
            "a", "t", "n", "echo", null, null, SessionState.INACTIVE, true, "u", 1, 2, 3, null);
    get(registries.insert(archived));
    assertThat(get(registries.list(viewer("t"), false, Optional.empty(), 10)).sessions()).isEmpty();
    assertThat(get(registries.list(viewer("t"), true, Optional.empty(), 10)).sessions())
        .containsExactly(archived);
  }

  @Test
  void aListSeesAChangeThatWasRequestedBeforeIt() {
    get(registries.insert(session("t", "s", 5)));
    registries.update(session("t", "s", 5).withState(SessionState.RUNNING, 9, 99));
    SessionMeta listed =
        get(registries.list(viewer("t"), false, Optional.empty(), 10)).sessions().getFirst();
    assertThat(listed.state()).isEqualTo(SessionState.RUNNING);
    assertThat(listed.lastSeq()).isEqualTo(9);
  }

  @Test
  void activeSessionsOfAllTenantsAreFoundByTheNextProcess() {
    get(registries.insert(session("one", "a", 1).withState(SessionState.RUNNING, 1, 1)));
    get(registries.insert(session("one", "b", 1)));
    get(registries.insert(session("two", "c", 1).withState(SessionState.WAITING, 1, 1)));
    get(registries.close());
    registries = new Registries(vertx, folder);
    assertThat(get(registries.active()))
        .extracting(SessionMeta::id)
        .containsExactlyInAnyOrder("a", "c");
  }

  @Test
  void aRegistryOfTheFirstReleaseIsRead() throws Exception {
    Path file = folder.resolve("old/registry.db");
    Files.createDirectories(file.getParent());
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
        Statement statement = connection.createStatement()) {
      statement.execute("PRAGMA journal_mode = WAL");
      statement.execute(
          """
          CREATE TABLE sessions (
            id TEXT PRIMARY KEY, name TEXT NOT NULL, agent_type TEXT NOT NULL, model TEXT,
            project_id TEXT, metadata TEXT, state TEXT NOT NULL, archived INTEGER NOT NULL DEFAULT 0,
            created_by TEXT NOT NULL, created_at INTEGER NOT NULL, updated_at INTEGER NOT NULL,
            last_seq INTEGER NOT NULL DEFAULT 0)
          """);
      statement.execute("CREATE INDEX sessions_by_age ON sessions (created_at DESC, id DESC)");
      statement.execute(
          "INSERT INTO sessions VALUES ('s', 'n', 'echo', NULL, NULL, '{\"k\":1}', 'running', 0,"
              + " 'u', 5, 6, 7)");
      statement.execute("PRAGMA user_version = 1");
    }
    SessionMeta read = get(registries.active()).getFirst();
    assertThat(read.tenantId()).isEqualTo("old");
    assertThat(read.state()).isEqualTo(SessionState.RUNNING);
    assertThat(read.metadata().get("k").intValue()).isEqualTo(1);
    get(registries.update(read.withState(SessionState.INACTIVE, 8, 9)));
    assertThat(get(registries.active())).isEmpty();
  }

  @Test
  void aCursorThatNoServerGaveIsRefused() {
    for (String text : List.of("", ":", "x:y", "12")) {
      assertThatThrownBy(() -> Cursor.parse(text)).isInstanceOf(ConcertException.class);
    }
  }

  private static Identity viewer(String tenant) {
    return Identity.of("somebody", "somebody@example.com", tenant, Role.VIEWER);
  }

  private static SessionMeta session(String tenant, String id, long createdAt) {
    return new SessionMeta(
        id,
        tenant,
        "name",
        "coding-agent",
        "model",
        "project",
        SessionState.INACTIVE,
        false,
        "user",
        createdAt,
        createdAt,
        0,
        JsonNodeFactory.instance.objectNode().put("k", "v"));
  }

  private static <T> T get(Future<T> future) {
    try {
      return future.toCompletionStage().toCompletableFuture().get(3, TimeUnit.MINUTES);
    } catch (Exception e) {
      throw new IllegalStateException(e.getCause() == null ? e : e.getCause());
    }
  }
}
