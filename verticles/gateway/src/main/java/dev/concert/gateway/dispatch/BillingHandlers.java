package dev.concert.gateway.dispatch;

import dev.concert.contract.BillingOperations;
import dev.concert.credit.BillingReplies.Balance;
import dev.concert.credit.BillingReplies.Statement;
import dev.concert.gateway.billing.BillingAccounts;
import dev.concert.protocol.BillingMessage;
import io.vertx.core.Future;

/** Reads and changes the account of the caller's tenant. */
public record BillingHandlers(BillingAccounts accounts) {

  public void register(Handlers handlers) {
    handlers
        .serve(BillingOperations.READ_BALANCE, this::balance)
        .serve(BillingOperations.TOP_UP, this::topUp)
        .serve(BillingOperations.SET_LIMITS, this::setLimits)
        .serve(BillingOperations.READ_STATEMENT, this::statement);
  }

  private Future<Balance> balance(ApiRequest<BillingMessage.ReadBalance> request) {
    return accounts.balance(request.who().tenantId());
  }

  private Future<Balance> topUp(ApiRequest<BillingMessage.TopUp> request) {
    return accounts.topUp(request.who().tenantId(), request.message(), request.who().userId());
  }

  private Future<Balance> setLimits(ApiRequest<BillingMessage.SetLimits> request) {
    return accounts.configure(request.who().tenantId(), request.message());
  }

  private Future<Statement> statement(ApiRequest<BillingMessage.ReadStatement> request) {
    return accounts.statement(request.who().tenantId(), request.message());
  }
}
