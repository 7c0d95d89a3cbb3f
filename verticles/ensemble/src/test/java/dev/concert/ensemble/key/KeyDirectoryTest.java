package dev.concert.ensemble.key;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.concert.ensemble.RunningEnsemble;
import dev.concert.ensemble.access.TokenHash;
import dev.concert.ensemble.budget.Budget;
import dev.concert.ensemble.budget.Period;
import dev.concert.ensemble.limit.RateLimit;
import dev.concert.error.ConcertException;
import io.vertx.core.Vertx;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KeyDirectoryTest {
  private static final long PAUSE_NANOS = 10_000_000;
  private static final KeySettings SETTINGS =
      new KeySettings(
          "ci",
          Set.of("demo", "real"),
          new RateLimit(60, 10_000),
          Optional.of(new Budget(new BigDecimal("12.50"), Period.MONTH)));

  @TempDir Path folder;
  private final Vertx vertx = Vertx.vertx();
  private KeyStore store;
  private KeyDirectory directory;
  private NewKey made;

  @BeforeEach
  void open() {
    store = new KeyStore(folder.resolve("keys.db"), Clock.systemUTC());
    directory = new KeyDirectory(vertx, store);
    Customer customer = store.addCustomer("Acme", "ops@acme.example", Optional.empty());
    made = store.addKey(customer.id(), SETTINGS);
    RunningEnsemble.await(directory.start());
  }

  @AfterEach
  void close() {
    RunningEnsemble.await(vertx.close());
    store.close();
  }

  @Test
  void findsAKeyWithAllItMayDo() {
    assertThat(directory.find(TokenHash.of(made.secret())))
        .hasValueSatisfying(caller -> assertThat(caller.keyId()).isEqualTo(made.key().id()));
    assertThat(directory.entry(made.key().id()).orElseThrow().key()).isEqualTo(made.key());
    assertThat(directory.find(TokenHash.of(made.secret() + "x"))).isEmpty();
  }

  @Test
  void theKeyItselfIsNowhereInTheFilesAndInNoText() throws Exception {
    try (var files = Files.list(folder)) {
      for (Path file : files.toList()) {
        assertThat(Files.readString(file, StandardCharsets.ISO_8859_1))
            .doesNotContain(made.secret());
      }
    }
    assertThat(made.toString()).doesNotContain(made.secret());
    assertThat(made.secret()).startsWith(made.key().prefix()).hasSizeGreaterThan(40);
  }

  @Test
  void aRevocationByAnotherProcessActsWithinASecond() throws Exception {
    try (KeyStore other = new KeyStore(folder.resolve("keys.db"), Clock.systemUTC())) {
      other.set(made.key().id(), ApiKey.Status.REVOKED);
    }

    within(1_000, () -> directory.find(TokenHash.of(made.secret())).isEmpty());
    assertThat(directory.entry(made.key().id())).isEmpty();
  }

  @Test
  void aDisabledKeyComesBackAndARevokedOneNever() {
    store.set(made.key().id(), ApiKey.Status.DISABLED);
    RunningEnsemble.await(directory.refresh());
    assertThat(directory.find(TokenHash.of(made.secret()))).isEmpty();

    store.set(made.key().id(), ApiKey.Status.ENABLED);
    RunningEnsemble.await(directory.refresh());
    assertThat(directory.find(TokenHash.of(made.secret()))).isPresent();

    store.set(made.key().id(), ApiKey.Status.REVOKED);
    assertThatThrownBy(() -> store.set(made.key().id(), ApiKey.Status.ENABLED))
        .isInstanceOf(ConcertException.class)
        .hasMessageContaining("for ever");
  }

  @Test
  void newSettingsHoldAfterARefreshAndSurviveARestart() {
    KeySettings wider = new KeySettings("ci", Set.of(), RateLimit.NONE, Optional.empty());
    store.configure(made.key().id(), before -> wider);
    store.close();
    store = new KeyStore(folder.resolve("keys.db"), Clock.systemUTC());

    assertThat(store.key(made.key().id()).orElseThrow().settings()).isEqualTo(wider);
  }

  @Test
  void whatWasKnownHoldsWhileTheFileIsAway() {
    store.close();

    assertThatThrownBy(() -> RunningEnsemble.await(directory.refresh()))
        .isInstanceOf(RuntimeException.class);
    assertThat(directory.find(TokenHash.of(made.secret()))).isPresent();
  }

  @Test
  void aKeyForNobodyIsRefusedAndAnUnknownKeyChangesNothing() {
    assertThatThrownBy(() -> store.addKey("cus_nobody", SETTINGS))
        .hasMessageContaining("customer_id");
    assertThat(store.configure("key_nobody", before -> SETTINGS)).isEmpty();
    assertThat(store.set("key_nobody", ApiKey.Status.REVOKED)).isEmpty();
    assertThat(store.keys()).hasSize(1);
  }

  private static void within(long millis, BooleanSupplier condition) {
    long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).isLessThan(end);
      LockSupport.parkNanos(PAUSE_NANOS);
    }
  }
}
