package dev.concert.gateway.billing;

import dev.concert.error.ConcertException;
import dev.concert.error.ErrorCode;
import dev.concert.foundation.jdbc.JdbcDatabase;
import dev.concert.gateway.billing.CreditEntry.Kind;
import dev.concert.gateway.billing.LedgerTransaction.Subject;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.math.BigDecimal;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * One tenant's ledger. Each change is one transaction that checks the account and adds its entries,
 * so that the balance never gets negative, whoever else changes it. Non-blocking.
 */
record TenantLedger(JdbcDatabase database, Clock clock) {

  Future<CreditAccount> account() {
    return database.query("SELECT * FROM account", Tuple.tuple()).map(LedgerRows::account);
  }

  /** Switches billing on or off and replaces the limits. */
  Future<CreditAccount> configure(boolean billed, SpendingLimits limits) {
    return database
        .update(
            "UPDATE account SET billed = ?, per_turn = ?, per_day = ?, per_month = ?",
            Tuple.tuple()
                .addInteger(billed ? 1 : 0)
                .addString(limits.perTurn().map(Usd::plain).orElse(null))
                .addString(limits.perDay().map(Usd::plain).orElse(null))
                .addString(limits.perMonth().map(Usd::plain).orElse(null)))
        .compose(_ -> account());
  }

  /**
   * Adds credit, and pays what the tenant owes. The same key again changes nothing.
   *
   * @return fails with {@code INVALID_MESSAGE} where the key was used for another amount
   */
  Future<CreditAccount> topUp(String key, BigDecimal amount, String by) {
    return transaction(
        ledger ->
            ledger
                .run("SELECT amount FROM entries WHERE idempotency_key = ?", Tuple.of(key))
                .compose(
                    known -> {
                      for (Row row : known) {
                        return repeated(amount, new BigDecimal(row.getString("amount")));
                      }
                      BigDecimal paid = amount.min(ledger.account().owed());
                      return ledger
                          .post(Kind.TOP_UP, amount, new Subject(null, null, by, key))
                          .compose(
                              _ ->
                                  ledger.post(Kind.REPAY, paid, new Subject(null, null, by, null)));
                    })
                .map(_ -> ledger.account()));
  }

  private static Future<Void> repeated(BigDecimal amount, BigDecimal before) {
    return amount.compareTo(before) == 0
        ? Future.succeededFuture()
        : Future.failedFuture(
            new ConcertException(
                ErrorCode.INVALID_MESSAGE,
                "The message is invalid: this 'idempotencyKey' was used for another amount, "
                    + Usd.plain(before)
                    + " USD."));
  }

  /**
   * Holds credit for a turn, as much as the limit of a turn allows. The same turn again changes
   * nothing.
   *
   * @return fails with {@code INSUFFICIENT_CREDITS}
   */
  Future<CreditAccount> reserve(CreditReservation turn) {
    return transaction(
        ledger ->
            ledger
                .reservation(turn.turnId())
                .compose(
                    known ->
                        known.isPresent()
                            ? Future.succeededFuture()
                            : hold(ledger, Kind.RESERVE, turn.within(ledger.account().limits())))
                .map(_ -> ledger.account()));
  }

  /**
   * Holds more credit for a turn, until it is at least this total. Asking twice has the effect of
   * one.
   *
   * @return fails with {@code INSUFFICIENT_CREDITS}, or {@code NO_TURN} where the turn holds none
   */
  Future<CreditAccount> extend(String turnId, BigDecimal total) {
    return transaction(
        ledger ->
            ledger
                .reservation(turnId)
                .compose(
                    known ->
                        known
                            .map(held -> extend(ledger, held, total))
                            .orElseGet(
                                () ->
                                    Future.failedFuture(
                                        new ConcertException(
                                            ErrorCode.NO_TURN,
                                            "This turn is over, and its credit settled."))))
                .map(_ -> ledger.account()));
  }

  private static Future<Void> extend(
      LedgerTransaction ledger, CreditReservation held, BigDecimal total) {
    BigDecimal more = total.subtract(held.amount());
    return more.signum() <= 0
        ? Future.succeededFuture()
        : hold(ledger, Kind.EXTEND, held.withAmount(total), more);
  }

  private static Future<Void> hold(LedgerTransaction ledger, Kind kind, CreditReservation turn) {
    return hold(ledger, kind, turn, turn.amount());
  }

  /**
   * @param turn with its new amount
   * @param more by which the amount grows
   */
  private static Future<Void> hold(
      LedgerTransaction ledger, Kind kind, CreditReservation turn, BigDecimal more) {
    CreditAccount account = ledger.account();
    Optional<BigDecimal> perTurn = account.limits().perTurn();
    if (perTurn.isPresent() && turn.amount().compareTo(perTurn.get()) > 0) {
      BigDecimal left = perTurn.get().subtract(turn.amount().subtract(more));
      return Future.failedFuture(
          InsufficientCredits.ofLimit(account, "turn", perTurn.get(), left, more));
    }
    if (account.free().compareTo(more) < 0) {
      return Future.failedFuture(InsufficientCredits.ofBalance(account, more));
    }
    return SpendingPeriods.check(ledger, turn, more)
        .compose(_ -> ledger.post(kind, more, Subject.of(turn)))
        .compose(_ -> SpendingPeriods.add(ledger, turn, BigDecimal.ZERO, more))
        .compose(
            _ ->
                ledger.run(
                    "INSERT OR REPLACE INTO reservations VALUES (?, ?, ?, ?)",
                    Tuple.of(
                        turn.turnId(), turn.sessionId(), Usd.plain(turn.amount()), turn.began())))
        .mapEmpty();
  }

  /**
   * Charges the calls of a turn that are not charged yet, and releases what the turn holds. A cost
   * beyond the balance is owed. Settling twice has the effect of one.
   *
   * @param turn whose amount does not matter
   */
  Future<CreditAccount> settle(CreditReservation turn, List<TurnCharge> calls) {
    return transaction(
        ledger ->
            ledger
                .reservation(turn.turnId())
                .compose(
                    held ->
                        charged(ledger, turn, calls)
                            .compose(cost -> settle(ledger, held.orElse(none(turn)), cost)))
                .map(_ -> ledger.account()));
  }

  private static CreditReservation none(CreditReservation turn) {
    return new CreditReservation(turn.turnId(), turn.sessionId(), BigDecimal.ZERO, turn.began());
  }

  /** Notes the calls that are not charged yet; the future is their cost. */
  private static Future<BigDecimal> charged(
      LedgerTransaction ledger, CreditReservation turn, List<TurnCharge> calls) {
    Future<BigDecimal> cost = Future.succeededFuture(BigDecimal.ZERO);
    for (TurnCharge call : calls) {
      cost =
          cost.compose(
              sum ->
                  ledger
                      .run(
                          "INSERT OR IGNORE INTO charges VALUES (?, ?, ?, ?, ?)",
                          Tuple.of(
                              turn.turnId(),
                              call.callId(),
                              turn.sessionId(),
                              call.model(),
                              Usd.plain(call.cost())))
                      .map(inserted -> inserted.rowCount() == 1 ? sum.add(call.cost()) : sum));
    }
    return cost;
  }

  /** In this order, so that each entry leaves an account that is valid. */
  private static Future<Void> settle(
      LedgerTransaction ledger, CreditReservation held, BigDecimal cost) {
    Subject subject = Subject.of(held);
    return ledger
        .post(Kind.RELEASE, held.amount(), subject)
        .compose(
            _ ->
                ledger.post(
                    Kind.OWE, cost.subtract(ledger.account().free()).max(BigDecimal.ZERO), subject))
        .compose(_ -> ledger.post(Kind.SETTLE, cost, subject))
        .compose(_ -> SpendingPeriods.add(ledger, held, cost, held.amount().negate()))
        .compose(
            _ -> ledger.run("DELETE FROM reservations WHERE turn_id = ?", Tuple.of(held.turnId())))
        .mapEmpty();
  }

  /** The reservations of turns that are not settled. */
  Future<List<CreditReservation>> open() {
    return database
        .query("SELECT * FROM reservations ORDER BY began", Tuple.tuple())
        .map(LedgerRows::reservations);
  }

  /**
   * Entries, the newest first.
   *
   * @param before only entries with a smaller id
   */
  Future<List<CreditEntry>> entries(long before, int limit) {
    return database
        .query(
            "SELECT * FROM entries WHERE id < ? ORDER BY id DESC LIMIT ?", Tuple.of(before, limit))
        .map(LedgerRows::entries);
  }

  /** The calls that a turn was charged for. */
  Future<List<TurnCharge>> charges(String turnId) {
    return database
        .query("SELECT * FROM charges WHERE turn_id = ? ORDER BY call_id", Tuple.of(turnId))
        .map(
            rows -> {
              List<TurnCharge> calls = new ArrayList<>();
              rows.forEach(
                  row ->
                      calls.add(
                          new TurnCharge(
                              row.getLong("call_id"),
                              row.getString("model"),
                              new BigDecimal(row.getString("cost")))));
              return calls;
            });
  }

  private <T> Future<T> transaction(Function<LedgerTransaction, Future<T>> work) {
    return database.transaction(
        connection -> LedgerTransaction.begin(connection, clock.millis()).compose(work));
  }
}
