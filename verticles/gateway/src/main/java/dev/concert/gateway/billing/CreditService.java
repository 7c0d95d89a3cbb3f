package dev.concert.gateway.billing;

import dev.concert.bus.Addresses;
import dev.concert.bus.ConcertBus;
import dev.concert.credit.CreditMessages.ForgetUsage;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/** Everything about money in a gateway: the ledgers, the accounts, and the credit of turns. */
public final class CreditService {
  /** Its usage ledger may have millions of calls. */
  private static final Duration FORGET_TIMEOUT = Duration.ofMinutes(2);

  private final ConcertBus bus;
  private final TenantLedgers ledgers;
  private final TurnCredit turns;
  private final BillingAccounts accounts;

  /**
   * @param tenants folder with one folder for each tenant
   * @param instanceOf the agent instance of a session
   * @param listener receives a tenant and its account after each change
   */
  public CreditService(
      Vertx vertx,
      ConcertBus bus,
      Path tenants,
      BillingOptions options,
      UnaryOperator<String> instanceOf,
      BiConsumer<String, CreditAccount> listener) {
    this.bus = bus;
    this.ledgers = new TenantLedgers(vertx, tenants, options.everyTenant(), listener);
    this.turns = new TurnCredit(vertx, bus, ledgers, instanceOf);
    this.accounts = new BillingAccounts(ledgers, bus, options);
  }

  /**
   * Adds credit to a tenant on behalf of the operator, whether or not a server runs.
   *
   * @param key the same key again adds nothing
   * @return the balance, US dollars
   */
  public static Future<String> topUp(
      Vertx vertx, Path tenants, String tenantId, String amount, String key) {
    TenantLedgers ledgers = new TenantLedgers(vertx, tenants, false, (_, _) -> {});
    BigDecimal dollars = BillingAccounts.amount(amount);
    return ledgers
        .change(tenantId, ledger -> ledger.topUp(key, dollars, "operator"))
        .map(account -> Usd.plain(account.balance()))
        .eventually(ledgers::close);
  }

  /** Has everything settled that an earlier process left. Call it before any turn begins. */
  public Future<Void> start() {
    return turns.start();
  }

  public TurnCredit turns() {
    return turns;
  }

  public BillingAccounts accounts() {
    return accounts;
  }

  /**
   * Closes the ledger of a tenant, which cannot be used until its files are removed.
   *
   * @param removal removes the tenant's files
   */
  public Future<Void> drop(String tenantId, Supplier<Future<Void>> removal) {
    return ledgers.drop(tenantId, removal);
  }

  /** Has every id of a tenant removed from Ensemble's usage ledger. It can be done twice. */
  public Future<Void> forgetUsage(String tenantId) {
    return bus.request(Addresses.FORGET_USAGE, new ForgetUsage(tenantId), FORGET_TIMEOUT)
        .mapEmpty();
  }

  /** Begins no more settlements; the next start does. */
  public void stop() {
    turns.close();
  }

  /** Closes the ledgers. */
  public Future<Void> close() {
    return ledgers.close();
  }
}
