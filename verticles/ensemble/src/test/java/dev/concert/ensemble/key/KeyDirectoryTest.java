package dev.concert.ensemble.key;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.concert.ensemble.RunningEnsemble;
import dev.concert.ensemble.access.TokenHash;
import dev.concert.ensemble.budget.Budget;
import dev.concert.ensemble.budget.BudgetPeriod;
import dev.concert.ensemble.limit.RateLimit;
import dev.concert.error.ConcertException;
import dev.concert.testing.Await;
import dev.concert.testing.Fastest;
import io.vertx.core.Vertx;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KeyDirectoryTest {
  private static final long PAUSE_NANOS = 10_000_000;
  private static final KeySettings SETTINGS =
      new KeySettings(
          "ci",
          Optional.of(Set.of("demo", "real")),
          new RateLimit(60, 10_000),
          Optional.of(new Budget(new BigDecimal("12.50"), BudgetPeriod.MONTH)));

  @TempDir Path folder;
  private final Vertx vertx = Vertx.vertx();
  private final AtomicReference<Instant> now = new AtomicReference<>();
  private KeyStore store;
  private KeyDirectory directory;
  private Customer customer;
  private CreatedKey made;

  @BeforeEach
  void open() {
    store = new KeyStore(folder.resolve("keys.db"), clock());
    directory = new KeyDirectory(vertx, store);
    customer = store.addCustomer("Acme", "ops@acme.example", Optional.empty());
    made = store.addKey(customer.id(), SETTINGS);
    RunningEnsemble.await(directory.start());
  }

  /** The real time, or the one that a test has set. */
  private Clock clock() {
    return new Clock() {
      @Override
      public Instant instant() {
        return now.get() == null ? Instant.now() : now.get();
      }

      @Override
      public ZoneId getZone() {
        return ZoneOffset.UTC;
      }

      @Override
      public Clock withZone(ZoneId zone) {
        return this;
      }
    };
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
  void aRevocationByAnotherProcessActsWithinASecond() {
    try (KeyStore other = new KeyStore(folder.resolve("keys.db"), Clock.systemUTC())) {
      Fastest.isWithin(
          Duration.ofSeconds(1),
          _ -> {
            CreatedKey key = store.addKey(customer.id(), SETTINGS);
            RunningEnsemble.await(directory.refresh());
            assertThat(directory.find(TokenHash.of(key.secret()))).isPresent();

            other.set(key.key().id(), ApiKey.Status.REVOKED);
            Duration taken =
                Fastest.time(
                    () -> Await.until(() -> directory.find(TokenHash.of(key.secret())).isEmpty()));
            assertThat(directory.entry(key.key().id())).isEmpty();
            return taken;
          });
    }
  }

  @Test
  void aChangeByAnotherProcessHoldsForTheNextRequest() {
    try (KeyStore other = new KeyStore(folder.resolve("keys.db"), Clock.systemUTC())) {
      for (int i = 0; i < 20; i++) {
        CreatedKey key = other.addKey(customer.id(), SETTINGS);
        RunningEnsemble.await(directory.fresh());
        assertThat(directory.find(TokenHash.of(key.secret()))).isPresent();

        other.set(key.key().id(), ApiKey.Status.REVOKED);
        RunningEnsemble.await(directory.fresh());
        assertThat(directory.find(TokenHash.of(key.secret()))).isEmpty();
      }
      assertThat(directory.fresh().isComplete()).as("nothing is read without a change").isTrue();
    }
  }

  @Test
  void aKeyEndsWithItsTime() {
    Instant end = Instant.now().plusSeconds(3_600);
    KeySettings limited =
        new KeySettings("ci", Optional.empty(), RateLimit.NONE, Optional.empty(), Optional.of(end));
    String secret = store.addKey(customer.id(), limited).secret();
    RunningEnsemble.await(directory.refresh());

    assertThat(directory.find(TokenHash.of(secret))).isPresent();
    now.set(end);
    assertThat(directory.find(TokenHash.of(secret))).isEmpty();
    assertThat(directory.find(TokenHash.of(made.secret()))).isPresent();
    assertThat(directory.size()).isEqualTo(1);
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
        .hasMessageContaining("permanent");
  }

  @Test
  void newSettingsHoldAfterARefreshAndSurviveARestart() {
    KeySettings wider = new KeySettings("ci", Optional.empty(), RateLimit.NONE, Optional.empty());
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
}
