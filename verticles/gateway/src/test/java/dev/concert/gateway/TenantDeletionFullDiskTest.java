package dev.concert.gateway;

import static dev.concert.gateway.TenantTokens.token;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.fasterxml.jackson.databind.JsonNode;
import dev.concert.bus.Accepted;
import dev.concert.bus.Address;
import dev.concert.bus.Addresses;
import dev.concert.bus.AutomationAddresses;
import dev.concert.bus.ConcertBus;
import dev.concert.bus.GitHubAddresses;
import dev.concert.gateway.tenant.DeletionOrders;
import dev.concert.testing.Await;
import dev.concert.testing.RequiresRoot;
import dev.concert.testing.SmallDisk;
import dev.concert.testing.log.ExpectedLog;
import io.vertx.core.Future;
import io.vertx.sqlclient.Tuple;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A tenant is deleted while a disk is full: as a whole, once there is room. */
@ExpectedLog(
    logger = "dev.concert.error.DiskFailure",
    message = "The disk is full or fails: \\[SQLITE_FULL")
class TenantDeletionFullDiskTest {
  private static final String DELETE = "{'type':'delete_tenant','confirm':'acme'}";

  /** What is in the log of a database already may be written over. */
  private static final int TRIES = 2000;

  @TempDir private Path data;
  private final FakeEnsemble ensemble = new FakeEnsemble();
  private TenantTokens tokens;
  private RunningGateway gateway;

  private void start() {
    tokens = new TenantTokens(data);
    tokens.createTenant("acme");
    tokens.createTenant("other");
    gateway = RunningGateway.start(data, tokens);
    ensemble.on(gateway.vertx);
  }

  @AfterEach
  void stop() {
    gateway.close();
    tokens.close();
  }

  private TestClient owner() {
    return TestClient.connectAs(gateway.port, token("acme", "owner"));
  }

  private Path folder(String tenant) {
    return data.resolve("tenants").resolve(tenant);
  }

  /** As small a change as the mark of a deletion. */
  private boolean isChanged(int number) {
    String name = "Acme %04d".formatted(number);
    Future<?> change =
        tokens.registries.in(
            "acme", database -> database.update("UPDATE tenant SET name = ?", Tuple.of(name)));
    return catchThrowable(() -> RunningGateway.await(change)) == null;
  }

  @Test
  @RequiresRoot("mounts a small disk")
  void itIsRefusedAndNothingIsDeletedBeforeTheOwnerAsksAgain() throws IOException {
    try (SmallDisk disk = SmallDisk.at(data, 16)) {
      start();
      try (TestClient owner = owner()) {
        String session = owner.createSession();
        disk.fill();
        assertThat(IntStream.range(0, TRIES).allMatch(this::isChanged)).isFalse();

        JsonNode refused = owner.request(DELETE);

        assertThat(refused.path("code").asText()).isEqualTo("STORAGE_UNAVAILABLE");
        assertThat(refused.path("retryAfterMs").asLong()).isPositive();
        disk.makeRoom();
        // The server looks at its orders.
        new DeletionOrders(data.resolve("tenants")).add("other");
        Await.until("another deletion", () -> !Files.exists(folder("other")));
        assertThat(owner.request("{'type':'list_sessions'}").path("sessions")).hasSize(1);
        assertThat(owner.createSession()).isNotEqualTo(session);
        assertThat(ensemble.forgotten).containsExactly("other");

        assertThat(owner.request(DELETE).path("tenantId").asText()).isEqualTo("acme");
        assertThat(owner.next("closed").path("code").asInt()).isEqualTo(4401);
      }
      Await.until("the deletion", () -> !Files.exists(folder("acme")));
      assertThat(ensemble.forgotten).containsExactly("other", "acme");
    } finally {
      stop();
    }
  }

  /** Whose disk is full. */
  enum Part {
    CHATS(Addresses.FORGET_CHATS),
    FORGES(GitHubAddresses.FORGET_TENANT),
    AUTOMATIONS(AutomationAddresses.FORGET_AUTOMATIONS);

    private final Address<? extends Record, Accepted> address;

    Part(Address<? extends Record, Accepted> address) {
      this.address = address;
    }
  }

  @ParameterizedTest
  @EnumSource(Part.class)
  @ExpectedLog(
      logger = "dev.concert.gateway.tenant.TenantDeletion",
      message = "Tenant acme is not deleted yet: The server's disk is full or fails")
  void nothingIsDeletedWhileAPartThatHasSomethingToForgetHasNoRoom(Part part) {
    start();
    AtomicBoolean isFull = new AtomicBoolean(true);
    AtomicInteger asked = new AtomicInteger();
    new ConcertBus(gateway.vertx)
        .serve(
            part.address,
            _ -> {
              asked.incrementAndGet();
              return isFull.get()
                  ? Future.failedFuture(new SQLException("[SQLITE_FULL] no room", null, 13))
                  : Future.succeededFuture(Accepted.ACCEPTED);
            });
    String session;
    try (TestClient owner = owner()) {
      session = owner.createSession();
      owner.join(session);
      assertThat(owner.request(DELETE).path("tenantId").asText()).isEqualTo("acme");
    }
    Await.until("a second try", () -> asked.get() > 1);
    assertThat(folder("acme").resolve("registry.db")).exists();
    assertThat(data.resolve("sessions").resolve(session)).exists();
    assertThat(ensemble.forgotten).isEmpty();

    isFull.set(false);

    Await.until("the deletion", () -> !Files.exists(folder("acme")));
    assertThat(data.resolve("sessions").resolve(session)).doesNotExist();
    assertThat(ensemble.forgotten).containsExactly("acme");
  }
}
