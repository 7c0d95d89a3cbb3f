package dev.concert.gateway.billing;

import static dev.concert.gateway.billing.LedgerFixture.get;
import static dev.concert.gateway.billing.LedgerFixture.usd;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The ledgers of tenants that come and go. */
class TenantLedgersTest {
  @TempDir Path tenants;
  private final Vertx vertx = Vertx.vertx();
  private TenantLedgers ledgers;

  @BeforeEach
  void open() {
    ledgers = new TenantLedgers(vertx, tenants, false, (_, _) -> {});
    topUp();
  }

  @AfterEach
  void close() {
    get(ledgers.close());
    get(vertx.close());
  }

  private void topUp() {
    get(ledgers.change("acme", ledger -> ledger.topUp("key", usd("5"), "operator")));
  }

  private Future<Void> remove() {
    try {
      Files.walk(tenants.resolve("acme"))
          .sorted(java.util.Comparator.reverseOrder())
          .forEach(path -> path.toFile().delete());
      return Future.succeededFuture();
    } catch (IOException e) {
      return Future.failedFuture(e);
    }
  }

  private Future<Void> settle() {
    return ledgers.changeIfThere(
        "acme", ledger -> ledger.settle(LedgerFixture.turn("t", "1"), List.of()));
  }

  @Test
  void whatIsSettledLateMakesNoLedgerOfADeletedTenant() {
    Promise<Void> removal = Promise.promise();
    Future<Void> dropped = ledgers.drop("acme", () -> removal.future().compose(_ -> remove()));
    assertThat(settle().toCompletionStage())
        .as("refused while its files go, and tried again")
        .failsWithin(java.time.Duration.ofSeconds(30));
    removal.complete();
    get(dropped);

    get(settle());

    assertThat(tenants.resolve("acme")).doesNotExist();
    assertThat(get(ledgers.account("acme")).balance()).isEqualByComparingTo("0");
    assertThat(get(ledgers.entries("acme", Long.MAX_VALUE, 10))).isEmpty();
    assertThat(tenants.resolve("acme")).doesNotExist();
  }

  @Test
  void aTenantOfTheSameNameBeginsWithNothing() {
    get(ledgers.drop("acme", this::remove));
    topUp();
    assertThat(get(ledgers.account("acme")).balance()).isEqualByComparingTo("5");
    assertThat(get(ledgers.entries("acme", Long.MAX_VALUE, 10))).hasSize(1);
  }
}
