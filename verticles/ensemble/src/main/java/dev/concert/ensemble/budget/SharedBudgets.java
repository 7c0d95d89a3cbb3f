package dev.concert.ensemble.budget;

import dev.concert.ensemble.loop.LoopContext;
import dev.concert.error.ConcertException;
import dev.concert.foundation.redis.RedisLink;
import dev.concert.foundation.redis.RedisScript;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.redis.client.Response;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.IntSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Enforces budgets over nodes through Redis: a call of an account with a budget is made when Redis
 * has added its estimate to what all nodes have spent and reserved. Calls without a budget do not
 * wait.
 *
 * <p>Each node reports its own sums, never differences, so a report that is lost or repeated
 * changes nothing, and a Redis that has lost its memory learns them again. While Redis is away a
 * node may spend an equal share of what was left when it last answered; a node that never reached
 * it assumes that it is alone.
 */
public final class SharedBudgets implements BudgetReservations {
  private static final Logger LOG = LoggerFactory.getLogger(SharedBudgets.class);
  private static final RedisScript RESERVE = RedisScript.of(SharedBudgets.class, "reserve.lua");

  /** Redis keeps billionths of a dollar, so that its numbers are exact to nine million dollars. */
  private static final int DIGITS = 9;

  /** Budgets in one request. */
  private static final int MOST_AT_ONCE = 100;

  private static final String NO_CALL = "-1";
  private static final long REPORT_MS = 5;
  private static final long PAUSE_NANOS = TimeUnit.SECONDS.toNanos(1);

  /** The longest period is a month; an account that is used stays. */
  private static final String KEPT_SECONDS = Long.toString(TimeUnit.DAYS.toSeconds(70));

  private final Vertx vertx;
  private final Context context;
  private final RedisLink redis;
  private final String prefix;
  private final String node;
  private final Budgets budgets;
  private final IntSupplier nodes;
  private final Clock clock;
  private final Map<String, Known> known = new ConcurrentHashMap<>();
  private final Set<BudgetAccount> unreported = new HashSet<>();
  private boolean reporting;
  private boolean away;
  private long notBefore;

  /**
   * What Redis last said about a budget.
   *
   * @param others what other nodes have spent and reserved
   * @param othersSpent what other nodes have spent, which never becomes less in a period
   * @param own what this node had spent and reserved
   */
  private record Known(BigDecimal others, BigDecimal othersSpent, BigDecimal own) {
    static final Known NOTHING = new Known(BigDecimal.ZERO, BigDecimal.ZERO, BigDecimal.ZERO);
  }

  /**
   * @param namespace nodes with the same namespace share their budgets
   * @param node the name under which this node's ledger counts, also after a restart
   * @param nodes how many nodes there are
   */
  public SharedBudgets(
      Vertx vertx,
      RedisLink redis,
      String namespace,
      String node,
      Budgets budgets,
      IntSupplier nodes,
      Clock clock) {
    this.vertx = vertx;
    this.context = vertx.getOrCreateContext();
    this.redis = redis;
    this.prefix = "{" + namespace + "}:budget:";
    this.node = node;
    this.budgets = budgets;
    this.nodes = nodes;
    this.clock = clock;
  }

  @Override
  public Future<BudgetReservation> reserve(List<BudgetAccount> accounts, BigDecimal estimate) {
    BudgetReservation reserved = budgets.reserve(accounts, estimate);
    List<BudgetAccount> limited = limited(accounts);
    if (limited.isEmpty()) {
      return Future.succeededFuture(reserved);
    }
    Context asking = vertx.getOrCreateContext();
    Promise<BudgetReservation> answer = Promise.promise();
    context.runOnContext(
        now ->
            agree(limited, estimate)
                .onComplete(
                    agreed ->
                        asking.runOnContext(
                            later -> {
                              if (agreed.succeeded()) {
                                answer.complete(reserved);
                              } else {
                                reserved.settle(BigDecimal.ZERO);
                                settled(limited);
                                answer.fail(agreed.cause());
                              }
                            })));
    return answer.future();
  }

  @Override
  public void settled(List<BudgetAccount> accounts) {
    List<BudgetAccount> limited = limited(accounts);
    if (!limited.isEmpty()) {
      context.runOnContext(now -> report(limited));
    }
  }

  @Override
  public Future<Spending> spent(List<BudgetAccount> accounts) {
    Promise<Spending> answer = Promise.promise();
    context.runOnContext(now -> spent(accounts, 0, new HashMap<>(), true).onComplete(answer));
    return LoopContext.moved(vertx, answer.future());
  }

  private Future<Spending> spent(
      List<BudgetAccount> accounts,
      int from,
      Map<BudgetAccount, BigDecimal> amounts,
      boolean ofAllNodes) {
    if (from >= accounts.size()) {
      return Future.succeededFuture(new Spending(amounts, ofAllNodes));
    }
    List<BudgetAccount> some =
        accounts.subList(from, Math.min(accounts.size(), from + MOST_AT_ONCE));
    Future<Response> asked =
        away && System.nanoTime() - notBefore < 0
            ? Future.failedFuture("Redis is left alone")
            : ask(some, Optional.empty());
    return asked.transform(
        done -> {
          isAway(done.failed());
          Instant now = clock.instant();
          for (BudgetAccount account : some) {
            Known last = known.getOrDefault(key(account, now), Known.NOTHING);
            amounts.put(account, budgets.sum(account, now).spent().add(last.othersSpent()));
          }
          return spent(accounts, from + MOST_AT_ONCE, amounts, ofAllNodes && done.succeeded());
        });
  }

  /** Completes when Redis is not used any more. */
  public Future<Void> stop() {
    return redis.close();
  }

  private void report(List<BudgetAccount> accounts) {
    unreported.addAll(accounts);
    if (!reporting) {
      reporting = true;
      vertx.setTimer(REPORT_MS, timer -> reportAll());
    }
  }

  private void reportAll() {
    reporting = false;
    List<BudgetAccount> all = List.copyOf(unreported);
    unreported.clear();
    // One that fails is made up for by the next report of the same account.
    ask(all, Optional.empty()).onFailure(failure -> isAway(true));
  }

  private Future<Void> agree(List<BudgetAccount> accounts, BigDecimal estimate) {
    if (away && System.nanoTime() - notBefore < 0) {
      return alone(accounts, estimate);
    }
    return ask(accounts, Optional.of(estimate))
        .transform(
            asked -> {
              isAway(asked.failed());
              if (asked.failed()) {
                return alone(accounts, estimate);
              }
              int exceeded = asked.result().get(0).toInteger();
              return exceeded == 0
                  ? Future.succeededFuture()
                  : Future.failedFuture(exceeded(accounts.get(exceeded - 1), estimate));
            });
  }

  private Future<Response> ask(List<BudgetAccount> accounts, Optional<BigDecimal> call) {
    Instant now = clock.instant();
    List<String> keys = new ArrayList<>();
    List<String> arguments = new ArrayList<>(List.of(node));
    List<BigDecimal> own = new ArrayList<>();
    for (BudgetAccount account : accounts) {
      Budget budget = account.budget().orElseThrow();
      SpendingTotals.Sum sum = budgets.sum(account, now);
      keys.add(key(account, now));
      own.add(sum.spent().add(sum.reserved()));
      arguments.addAll(
          List.of(
              billionths(budget.amount()),
              billionths(sum.spent()),
              billionths(sum.reserved()),
              call.map(SharedBudgets::billionths).orElse(NO_CALL),
              KEPT_SECONDS,
              billionths(known.getOrDefault(key(account, now), Known.NOTHING).othersSpent())));
    }
    return redis
        .run(RESERVE, keys, arguments)
        .onSuccess(
            answer -> {
              BigDecimal refused =
                  answer.get(0).toInteger() == 0 ? BigDecimal.ZERO : call.orElse(BigDecimal.ZERO);
              for (int i = 0; i < keys.size(); i++) {
                known.put(
                    keys.get(i),
                    new Known(
                        dollars(answer.get(2 * i + 1)),
                        dollars(answer.get(2 * i + 2)),
                        own.get(i).subtract(refused)));
              }
            });
  }

  /** Decides by what is known, while Redis does not answer. */
  private Future<Void> alone(List<BudgetAccount> accounts, BigDecimal estimate) {
    Instant now = clock.instant();
    for (BudgetAccount account : accounts) {
      Known last = known.getOrDefault(key(account, now), Known.NOTHING);
      BigDecimal left =
          account.budget().orElseThrow().amount().subtract(last.others()).subtract(last.own());
      BigDecimal share =
          left.max(BigDecimal.ZERO)
              .divide(BigDecimal.valueOf(Math.max(1, nodes.getAsInt())), RoundingMode.FLOOR);
      SpendingTotals.Sum sum = budgets.sum(account, now);
      if (sum.spent().add(sum.reserved()).compareTo(last.own().add(share)) > 0) {
        return Future.failedFuture(exceeded(account, estimate));
      }
    }
    return Future.succeededFuture();
  }

  private ConcertException exceeded(BudgetAccount account, BigDecimal estimate) {
    Instant now = clock.instant();
    return budgets.exceeded(
        account,
        estimate,
        now,
        known.getOrDefault(key(account, now), Known.NOTHING).others().add(estimate.negate()));
  }

  private String key(BudgetAccount account, Instant now) {
    return prefix + account.id() + ":" + account.budget().orElseThrow().period().at(now);
  }

  private static List<BudgetAccount> limited(List<BudgetAccount> accounts) {
    return accounts.stream().filter(account -> account.budget().isPresent()).toList();
  }

  private static BigDecimal dollars(Response billionths) {
    return new BigDecimal(billionths.toString()).movePointLeft(DIGITS);
  }

  private static String billionths(BigDecimal dollars) {
    return dollars.movePointRight(DIGITS).setScale(0, RoundingMode.CEILING).toPlainString();
  }

  private void isAway(boolean now) {
    if (now) {
      notBefore = System.nanoTime() + PAUSE_NANOS;
    }
    if (now != away) {
      LOG.warn(
          now
              ? "Redis does not answer. Until it does, this node spends its share of what was left"
                  + " of each budget"
              : "Redis answers again. Budgets are shared by all nodes");
    }
    away = now;
  }
}
