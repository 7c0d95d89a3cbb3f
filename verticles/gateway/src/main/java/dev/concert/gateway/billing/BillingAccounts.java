package dev.concert.gateway.billing;

import dev.concert.bus.Addresses;
import dev.concert.bus.ConcertBus;
import dev.concert.credit.BillingReplies.Balance;
import dev.concert.credit.BillingReplies.Limits;
import dev.concert.credit.BillingReplies.Statement;
import dev.concert.credit.BillingReplies.StatementEntry;
import dev.concert.credit.CreditMessages.ForgetAllowances;
import dev.concert.error.ConcertException;
import dev.concert.error.ErrorCode;
import dev.concert.protocol.BillingMessage;
import io.vertx.core.Future;
import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;

/** The accounts of the tenants, as those who manage billing see and change them. */
public final class BillingAccounts {
  private final TenantLedgers ledgers;
  private final ConcertBus bus;
  private final BillingOptions options;

  BillingAccounts(TenantLedgers ledgers, ConcertBus bus, BillingOptions options) {
    this.ledgers = ledgers;
    this.bus = bus;
    this.options = options;
  }

  public Future<Balance> balance(String tenantId) {
    return ledgers.account(tenantId).map(this::shown);
  }

  /** Adds credit, unless only the operator does. */
  public Future<Balance> topUp(String tenantId, BillingMessage.TopUp message, String by) {
    if (!options.ownersTopUp()) {
      return Future.failedFuture(
          new ConcertException(
              ErrorCode.FORBIDDEN,
              "Only the operator of this server adds credit, with 'concert credit'."));
    }
    BigDecimal amount = amount(message.amount());
    return ledgers
        .change(tenantId, ledger -> ledger.topUp(message.idempotencyKey(), amount, by))
        .map(this::shown);
  }

  /**
   * An amount to add.
   *
   * @throws ConcertException {@code INVALID_MESSAGE}
   */
  static BigDecimal amount(String text) {
    BigDecimal amount = Usd.parse("amount", text);
    if (amount.signum() == 0) {
      throw new ConcertException(
          ErrorCode.INVALID_MESSAGE, "The message is invalid: 'amount' must be above 0.");
    }
    return amount;
  }

  /** Switches billing on or off and replaces the limits. Turns in progress go on as they began. */
  public Future<Balance> configure(String tenantId, BillingMessage.SetLimits message) {
    if (options.everyTenant() && !message.billed()) {
      return Future.failedFuture(
          new ConcertException(
              ErrorCode.FORBIDDEN, "The operator of this server bills every tenant."));
    }
    SpendingLimits limits =
        new SpendingLimits(
            limit("perTurn", message.perTurn()),
            limit("perDay", message.perDay()),
            limit("perMonth", message.perMonth()));
    return ledgers
        .configure(tenantId, message.billed(), limits)
        .onSuccess(
            account -> {
              if (!account.billed()) {
                bus.notify(Addresses.FORGET_ALLOWANCES, new ForgetAllowances(tenantId));
              }
            })
        .map(this::shown);
  }

  private static Optional<BigDecimal> limit(String field, String amount) {
    return Optional.ofNullable(amount).map(text -> Usd.parse(field, text));
  }

  /** A page of the tenant's entries, the newest first. */
  public Future<Statement> statement(String tenantId, BillingMessage.ReadStatement message) {
    long before =
        Optional.ofNullable(message.cursor()).map(BillingAccounts::cursor).orElse(Long.MAX_VALUE);
    return ledgers
        .entries(tenantId, before, message.limit() + 1)
        .map(
            entries -> {
              boolean more = entries.size() > message.limit();
              List<CreditEntry> page = more ? entries.subList(0, message.limit()) : entries;
              return new Statement(
                  page.stream().map(BillingAccounts::shown).toList(),
                  more ? Long.toString(page.getLast().id()) : null);
            });
  }

  private static long cursor(String text) {
    try {
      return Long.parseLong(text);
    } catch (NumberFormatException e) {
      throw new ConcertException(
          ErrorCode.INVALID_MESSAGE,
          "The message is invalid: 'cursor' is none that this server gave.");
    }
  }

  private Balance shown(CreditAccount account) {
    SpendingLimits limits = account.limits();
    return new Balance(
        account.billed() || options.everyTenant(),
        Usd.plain(account.balance()),
        Usd.plain(account.reserved()),
        Usd.plain(account.owed()),
        Usd.CURRENCY,
        new Limits(
            limits.perTurn().map(Usd::plain).orElse(null),
            limits.perDay().map(Usd::plain).orElse(null),
            limits.perMonth().map(Usd::plain).orElse(null)));
  }

  private static StatementEntry shown(CreditEntry entry) {
    return new StatementEntry(
        entry.id(),
        entry.at(),
        entry.kind().wireName(),
        Usd.plain(entry.amount()),
        Usd.plain(entry.account().balance()),
        Usd.plain(entry.account().reserved()),
        Usd.plain(entry.account().owed()),
        entry.turnId().orElse(null),
        entry.sessionId().orElse(null),
        entry.by().orElse(null));
  }
}
