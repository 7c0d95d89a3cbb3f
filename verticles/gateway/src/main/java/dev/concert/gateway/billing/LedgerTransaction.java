package dev.concert.gateway.billing;

import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.math.BigDecimal;
import java.util.Optional;

/** One transaction on a tenant's ledger: knows the account as it is inside the transaction. */
final class LedgerTransaction {
  /**
   * Whom an entry is about.
   *
   * @param key idempotency key of a top-up, or null; the others may be null likewise
   */
  record Subject(String turnId, String sessionId, String by, String key) {
    static Subject of(CreditReservation turn) {
      return new Subject(turn.turnId(), turn.sessionId(), null, null);
    }
  }

  private final SqlConnection connection;
  private final long now;
  private CreditAccount account;

  private LedgerTransaction(SqlConnection connection, long now, CreditAccount account) {
    this.connection = connection;
    this.now = now;
    this.account = account;
  }

  static Future<LedgerTransaction> begin(SqlConnection connection, long now) {
    return connection
        .preparedQuery("SELECT * FROM account")
        .execute()
        .map(rows -> new LedgerTransaction(connection, now, LedgerRows.account(rows)));
  }

  CreditAccount account() {
    return account;
  }

  Future<RowSet<Row>> run(String sql, Tuple parameters) {
    return connection.preparedQuery(sql).execute(parameters);
  }

  /** Adds an entry and changes the account by it; one of 0 dollars is left out. */
  Future<Void> post(CreditEntry.Kind kind, BigDecimal amount, Subject subject) {
    if (amount.signum() == 0 && kind != CreditEntry.Kind.TOP_UP) {
      return Future.succeededFuture();
    }
    account = account.after(kind, amount);
    String balance = Usd.plain(account.balance());
    String reserved = Usd.plain(account.reserved());
    String owed = Usd.plain(account.owed());
    return run(
            "INSERT INTO entries (at, kind, amount, balance, reserved, owed, turn_id, session_id,"
                + " by, idempotency_key) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            Tuple.tuple()
                .addLong(now)
                .addString(kind.wireName())
                .addString(Usd.plain(amount))
                .addString(balance)
                .addString(reserved)
                .addString(owed)
                .addString(subject.turnId())
                .addString(subject.sessionId())
                .addString(subject.by())
                .addString(subject.key()))
        .compose(
            _ ->
                run(
                    "UPDATE account SET balance = ?, reserved = ?, owed = ?",
                    Tuple.of(balance, reserved, owed)))
        .mapEmpty();
  }

  Future<Optional<CreditReservation>> reservation(String turnId) {
    return run("SELECT * FROM reservations WHERE turn_id = ?", Tuple.of(turnId))
        .map(rows -> LedgerRows.reservations(rows).stream().findFirst());
  }

  /** What a day or month has spent and holds. */
  record PeriodSum(BigDecimal spent, BigDecimal reserved) {}

  Future<PeriodSum> sum(String period) {
    return run("SELECT spent, reserved FROM periods WHERE period = ?", Tuple.of(period))
        .map(
            rows -> {
              for (Row row : rows) {
                return new PeriodSum(
                    new BigDecimal(row.getString("spent")),
                    new BigDecimal(row.getString("reserved")));
              }
              return new PeriodSum(BigDecimal.ZERO, BigDecimal.ZERO);
            });
  }

  Future<Void> add(String period, BigDecimal spent, BigDecimal reserved) {
    return sum(period)
        .compose(
            sum ->
                run(
                    "INSERT OR REPLACE INTO periods VALUES (?, ?, ?)",
                    Tuple.of(
                        period,
                        Usd.plain(sum.spent().add(spent)),
                        Usd.plain(sum.reserved().add(reserved)))))
        .mapEmpty();
  }
}
