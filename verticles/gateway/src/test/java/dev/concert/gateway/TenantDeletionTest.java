package dev.concert.gateway;

import static dev.concert.gateway.TenantTokens.token;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.concert.gateway.tenant.DeletionOrders;
import dev.concert.gateway.tenant.Tenants;
import dev.concert.testing.Await;
import dev.concert.testing.log.ExpectedLog;
import io.vertx.sqlclient.Tuple;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The end of a tenant. */
@ExpectedLog(
    logger = "dev.concert.gateway.session.SessionDeletion",
    message = "is not removed yet: Podium is away",
    required = false)
class TenantDeletionTest {
  @TempDir Path data;
  private TenantTokens tokens;
  private final FakeEnsemble ensemble = new FakeEnsemble();
  private RunningGateway gateway;
  private final List<String> sessions = new ArrayList<>();

  @BeforeEach
  void start() {
    tokens = new TenantTokens(data);
    tokens.createTenant("acme", "admin");
    tokens.createTenant("other");
    gateway = started();
    for (String tenant : List.of("acme", "other")) {
      try (TestClient owner = as(tenant, "owner")) {
        for (int i = 0; i < 3; i++) {
          String session = owner.createSession();
          owner.join(session);
          sessions.add(session);
        }
      }
    }
  }

  @AfterEach
  void stop() {
    gateway.close();
    tokens.close();
  }

  private RunningGateway started() {
    RunningGateway running = RunningGateway.start(data, tokens);
    ensemble.on(running.vertx);
    return running;
  }

  private TestClient as(String tenant, String user) {
    return TestClient.connectAs(gateway.port, token(tenant, user));
  }

  private static String code(JsonNode reply) {
    return reply.path("code").asText(reply.path("type").asText());
  }

  private List<String> filesNaming(String text) {
    while (true) {
      try (Stream<Path> all = Files.walk(data)) {
        return all.map(path -> data.relativize(path).toString())
            .filter(path -> path.contains(text))
            .toList();
      } catch (IOException | UncheckedIOException e) {
        // Something was deleted while this looked.
      }
    }
  }

  private void awaitGone() {
    Await.until(() -> filesNaming("acme").isEmpty());
    assertThat(ensemble.forgotten).containsExactly("acme");
    for (String session : sessions.subList(0, 3)) {
      assertThat(filesNaming(session)).isEmpty();
      assertThat(gateway.podium.deletions)
          .anyMatch(one -> one.instanceId().equals("agent_" + session));
    }
    try (TestClient owner = as("other", "owner")) {
      assertThat(owner.request("{'type':'list_sessions'}").path("sessions")).hasSize(3);
    }
    for (String session : sessions.subList(3, 6)) {
      assertThat(filesNaming(session)).isNotEmpty();
    }
  }

  @Test
  void anOwnerDeletesTheTenantWithEverythingInIt() {
    try (TestClient owner = as("acme", "owner");
        TestClient admin = as("acme", "admin")) {
      assertThat(code(owner.request("{'type':'delete_tenant','confirm':'other'}")))
          .isEqualTo("INVALID_MESSAGE");
      assertThat(code(admin.request("{'type':'delete_tenant','confirm':'acme'}")))
          .isEqualTo("FORBIDDEN");

      JsonNode deleted = owner.request("{'type':'delete_tenant','confirm':'acme'}");

      assertThat(deleted.path("tenantId").asText()).isEqualTo("acme");
      assertThat(owner.next("closed").path("code").asInt()).isEqualTo(4401);
      assertThat(admin.next("closed").path("code").asInt()).isEqualTo(4401);
    }
    assertThat(tokens.authenticate(token("acme", "owner")).toCompletionStage())
        .failsWithin(Duration.ofSeconds(30));
    awaitGone();
  }

  @Test
  void anOrderOfTheCommandLineIsCarriedOutByTheRunningServer() throws IOException {
    new DeletionOrders(data.resolve("tenants")).add("acme");

    awaitGone();
  }

  @Test
  void aTenantIsDeletedThoughItsAgentsCannotBeReachedAtFirst() {
    gateway.podium.refuseDeletion = true;
    try (TestClient owner = as("acme", "owner")) {
      owner.request("{'type':'delete_tenant','confirm':'acme'}");
    }
    Await.until(
        () ->
            RunningGateway.await(tokens.registries.sessions("acme")).isEmpty()
                && RunningGateway.await(tokens.registries.hasSessions("acme")));
    assertThat(filesNaming("tenants/acme/registry.db")).isNotEmpty();
    gateway.close();

    gateway = started();

    awaitGone();
  }

  @Test
  void itsUsageIsForgottenThoughEnsembleIsAwayAtFirst() {
    ensemble.away = true;
    try (TestClient owner = as("acme", "owner")) {
      owner.request("{'type':'delete_tenant','confirm':'acme'}");
    }
    Await.until(() -> !RunningGateway.await(tokens.registries.hasSessions("acme")));
    assertThat(filesNaming("tenants/acme/registry.db")).isNotEmpty();

    ensemble.away = false;

    awaitGone();
  }

  @Test
  void theNameIsNotFreeBeforeTheTenantIsGone() throws IOException {
    gateway.close();
    new DeletionOrders(data.resolve("tenants")).add("fresh");
    assertThat(
            new Tenants(tokens.registries)
                .create("fresh", "Fresh", "fay@example.com")
                .toCompletionStage())
        .failsWithin(Duration.ofSeconds(30))
        .withThrowableThat()
        .withMessageContaining("still being deleted");
    assertThat(filesNaming("tenants/fresh")).isEmpty();

    gateway = started();
    Await.until(() -> filesNaming("fresh").isEmpty());

    RunningGateway.await(
        new Tenants(tokens.registries).create("fresh", "Fresh", "fay@example.com"));
    assertThat(filesNaming("tenants/fresh/registry.db")).isNotEmpty();
  }

  /** Where a process can end between two steps of a deletion. */
  enum Moment {
    ORDERED,
    MARKED,
    A_SESSION_GONE,
    FOLDER_RENAMED,
    FOLDER_GONE
  }

  @ParameterizedTest
  @EnumSource(Moment.class)
  void theNextStartFinishesADeletionThatWasCutAnywhere(Moment moment) throws IOException {
    gateway.close();
    Path tenants = data.resolve("tenants");
    new DeletionOrders(tenants).add("acme");
    if (moment.compareTo(Moment.MARKED) >= 0) {
      change("UPDATE tenant SET deleting = 1");
    }
    if (moment.compareTo(Moment.A_SESSION_GONE) >= 0) {
      change("DELETE FROM sessions WHERE id = '" + sessions.getFirst() + "'");
      Files.walk(data.resolve("sessions").resolve(sessions.getFirst()))
          .sorted(java.util.Comparator.reverseOrder())
          .forEach(path -> path.toFile().delete());
    }
    tokens.close();
    tokens = new TenantTokens(data);
    if (moment.compareTo(Moment.FOLDER_RENAMED) >= 0) {
      Files.move(tenants.resolve("acme"), tenants.resolve(".removed-acme"));
    }
    if (moment == Moment.FOLDER_GONE) {
      Files.walk(tenants.resolve(".removed-acme"))
          .sorted(java.util.Comparator.reverseOrder())
          .forEach(path -> path.toFile().delete());
    }

    gateway = started();

    Await.until(() -> filesNaming("acme").isEmpty());
    try (TestClient owner = as("other", "owner")) {
      assertThat(owner.request("{'type':'list_sessions'}").path("sessions")).hasSize(3);
    }
    // The name is free again, and nothing of the old tenant comes back.
    tokens.close();
    tokens = new TenantTokens(data);
    tokens.createTenant("acme");
    assertThat(RunningGateway.await(tokens.registries.sessions("acme"))).isEmpty();
  }

  private void change(String sql) {
    RunningGateway.await(
        tokens.registries.in("acme", database -> database.update(sql, Tuple.tuple())));
  }
}
