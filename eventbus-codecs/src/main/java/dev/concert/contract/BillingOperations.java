package dev.concert.contract;

import static dev.concert.contract.ApiOperation.route;
import static dev.concert.contract.Field.flag;
import static dev.concert.contract.Field.integer;
import static dev.concert.contract.Field.string;
import static dev.concert.contract.HttpRoute.Method.GET;
import static dev.concert.contract.HttpRoute.Method.POST;
import static dev.concert.contract.HttpRoute.Method.PUT;
import static dev.concert.protocol.Permission.BILLING_MANAGE;
import static dev.concert.protocol.Permission.THREADS_READ;

import dev.concert.credit.BillingReplies.Balance;
import dev.concert.credit.BillingReplies.Statement;
import dev.concert.credit.BillingReplies.Usage;
import dev.concert.protocol.BillingMessage;

/** The operations about money. */
public final class BillingOperations {
  private static final int AMOUNT = 32;

  public static final ApiOperation<BillingMessage.ReadBalance, Balance> READ_BALANCE =
      route("read_balance", BillingMessage.ReadBalance.class, Balance.class, GET, "/api/billing")
          .since(2)
          .needs(BILLING_MANAGE);

  public static final ApiOperation<BillingMessage.TopUp, Balance> TOP_UP =
      route("top_up", BillingMessage.TopUp.class, Balance.class, POST, "/api/billing/top-ups")
          .since(2)
          .needs(BILLING_MANAGE)
          .takes(string("amount", AMOUNT), string("idempotencyKey", 128));

  public static final ApiOperation<BillingMessage.SetLimits, Balance> SET_LIMITS =
      route("set_limits", BillingMessage.SetLimits.class, Balance.class, PUT, "/api/billing/limits")
          .since(2)
          .needs(BILLING_MANAGE)
          .takes(
              flag("billed").orElse(true),
              string("perTurn", AMOUNT).optional(),
              string("perDay", AMOUNT).optional(),
              string("perMonth", AMOUNT).optional());

  public static final ApiOperation<BillingMessage.ReadStatement, Statement> READ_STATEMENT =
      route(
              "read_statement",
              BillingMessage.ReadStatement.class,
              Statement.class,
              GET,
              "/api/billing/statement")
          .since(2)
          .needs(BILLING_MANAGE)
          .takes(integer("limit", 1, 500).orElse(100), string("cursor", 64).optional());

  public static final ApiOperation<BillingMessage.ReadUsage, Usage> READ_USAGE =
      route("read_usage", BillingMessage.ReadUsage.class, Usage.class, GET, "/api/usage")
          .since(2)
          .needs(THREADS_READ)
          .takes(
              string("sessionId", 128).optional(),
              integer("limit", 1, 100).orElse(50),
              string("cursor", 256).optional());

  private BillingOperations() {}
}
