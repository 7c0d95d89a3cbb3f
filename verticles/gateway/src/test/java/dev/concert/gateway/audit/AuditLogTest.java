package dev.concert.gateway.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.concert.gateway.registry.Registries;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.Tuple;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AuditLogTest {
  @TempDir Path folder;
  private final Vertx vertx = Vertx.vertx();
  private Registries registries;
  private AuditLog audit;

  @BeforeEach
  void open() {
    registries = new Registries(vertx, folder);
    audit = new AuditLog(registries);
  }

  @AfterEach
  void close() throws Exception {
    get(registries.close());
    get(vertx.close());
  }

  @Test
  void entriesAreReadNewestFirstInPagesAndByTheirTenantOnly() throws Exception {
    for (int i = 0; i < 5; i++) {
      get(audit.record("a", "ann", "member.removed", "user-" + i, Map.of("role", "viewer")));
    }

    List<AuditEntry> first = get(audit.read("a", OptionalLong.empty(), 3));
    List<AuditEntry> rest = get(audit.read("a", OptionalLong.of(first.getLast().id()), 3));

    assertThat(first).extracting(AuditEntry::subject).containsExactly("user-4", "user-3", "user-2");
    assertThat(rest).extracting(AuditEntry::subject).containsExactly("user-1", "user-0");
    assertThat(first.getFirst().actor()).isEqualTo("ann");
    assertThat(first.getFirst().details()).containsEntry("role", "viewer");
    assertThat(get(audit.read("b", OptionalLong.empty(), 3))).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"UPDATE audit SET actor = 'bob'", "DELETE FROM audit"})
  void theDatabaseRefusesToChangeEntries(String sql) throws Exception {
    get(audit.record("a", "ann", "member.removed", "u", Map.of()));

    assertThatThrownBy(() -> get(registries.in("a", one -> one.update(sql, Tuple.tuple()))))
        .hasMessageContaining("append-only");
    assertThat(get(audit.read("a", OptionalLong.empty(), 3)))
        .extracting(AuditEntry::actor)
        .containsExactly("ann");
  }

  private static <T> T get(Future<T> future) throws Exception {
    return future.toCompletionStage().toCompletableFuture().get(3, TimeUnit.MINUTES);
  }
}
