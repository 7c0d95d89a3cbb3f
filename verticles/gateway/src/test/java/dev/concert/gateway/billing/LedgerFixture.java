package dev.concert.gateway.billing;

import dev.concert.foundation.jdbc.JdbcDatabase;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A tenant's ledger on a real file. */
final class LedgerFixture implements AutoCloseable {
  private final Vertx vertx = Vertx.vertx();
  private final JdbcDatabase database;
  final TenantLedger ledger;

  LedgerFixture(Path file) {
    this(file, Clock.systemUTC());
  }

  LedgerFixture(Path file, Clock clock) {
    database = get(JdbcDatabase.open(vertx, file, LedgerSchema.MIGRATIONS, 1));
    ledger = new TenantLedger(database, clock);
  }

  static <T> T get(Future<T> future) {
    try {
      return future.await(3, TimeUnit.MINUTES);
    } catch (TimeoutException e) {
      throw new AssertionError("The ledger does not answer", e);
    }
  }

  /** The entries in the order in which they were made. */
  List<CreditEntry> entries() {
    return get(ledger.entries(Long.MAX_VALUE, 100_000)).reversed();
  }

  /** The account as its entries alone say it. */
  CreditAccount replayed() {
    CreditAccount account = CreditAccount.NONE;
    for (CreditEntry entry : entries()) {
      account = account.after(entry.kind(), entry.amount());
    }
    return account;
  }

  static BigDecimal usd(String amount) {
    return new BigDecimal(amount);
  }

  static CreditReservation turn(String id, String amount) {
    return new CreditReservation(id, "s", usd(amount), 1_000);
  }

  static TurnCharge call(long id, String cost) {
    return new TurnCharge(id, "m", usd(cost));
  }

  @Override
  public void close() {
    get(database.close());
    get(vertx.close());
  }
}
