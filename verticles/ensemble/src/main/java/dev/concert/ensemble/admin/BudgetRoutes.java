package dev.concert.ensemble.admin;

import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import dev.concert.ensemble.budget.Budget;
import dev.concert.ensemble.budget.BudgetAccount;
import dev.concert.ensemble.budget.BudgetReservations;
import dev.concert.ensemble.http.JsonResponse;
import dev.concert.ensemble.key.ApiKey;
import dev.concert.ensemble.key.KeySettings;
import dev.concert.ensemble.key.KeyStore;
import dev.concert.ensemble.model.Price;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/** Lists the budgets, and what is spent of each in its current period. */
final class BudgetRoutes {
  private final AsyncKeyStore accounts;
  private final BudgetReservations budgets;

  BudgetRoutes(AsyncKeyStore accounts, BudgetReservations budgets) {
    this.accounts = accounts;
    this.budgets = budgets;
  }

  void add(Router router) {
    router.get("/budgets").handler(this::list);
  }

  /**
   * A budget.
   *
   * @param kind {@code customer}, {@code team} or {@code key}
   * @param model null for the budget of all models
   * @param spent US dollars
   */
  @JsonNaming(SnakeCaseStrategy.class)
  private record Shown(
      String kind,
      String id,
      String name,
      String model,
      String budget,
      String budgetPeriod,
      String spent) {}

  /**
   * @param allNodes false if what other nodes have spent lately may be missing
   */
  @JsonNaming(SnakeCaseStrategy.class)
  private record All(List<Shown> budgets, boolean allNodes) {}

  /** Whose budget it is. */
  private record Owned(
      String kind, String id, String name, Optional<String> model, BudgetAccount account) {
    Shown shown(BigDecimal spent) {
      Budget budget = account.budget().orElseThrow();
      return new Shown(
          kind,
          id,
          name,
          model.orElse(null),
          budget.amount().toPlainString(),
          AdminFields.word(budget.period()),
          Price.plain(spent));
    }
  }

  private void list(RoutingContext context) {
    accounts
        .reading(BudgetRoutes::all)
        .compose(
            all ->
                budgets
                    .spent(all.stream().map(Owned::account).toList())
                    .map(
                        spent ->
                            new All(
                                all.stream()
                                    .map(one -> one.shown(spent.amounts().get(one.account())))
                                    .toList(),
                                spent.ofAllNodes())))
        .onSuccess(all -> JsonResponse.send(context.response(), 200, all))
        .onFailure(context::fail);
  }

  private static List<Owned> all(KeyStore store) {
    List<Owned> all = new ArrayList<>();
    store.customers().stream()
        .filter(customer -> customer.budget().isPresent())
        .forEach(
            customer ->
                all.add(
                    new Owned(
                        "customer",
                        customer.id(),
                        customer.name(),
                        Optional.empty(),
                        BudgetAccount.ofCustomer(customer.id(), customer.budget()))));
    store
        .teams()
        .all()
        .forEach(
            team ->
                add(
                    all,
                    "team",
                    team.id(),
                    BudgetAccount.ofTeam(team.id(), team.settings().budget()),
                    team.settings()));
    store.keys().stream()
        .filter(key -> key.status() != ApiKey.Status.REVOKED)
        .forEach(
            key ->
                add(
                    all,
                    "key",
                    key.id(),
                    BudgetAccount.ofKey(key.id(), key.settings().budget()),
                    key.settings()));
    return all;
  }

  private static void add(
      List<Owned> all, String kind, String id, BudgetAccount account, KeySettings settings) {
    if (account.budget().isPresent()) {
      all.add(new Owned(kind, id, settings.name(), Optional.empty(), account));
    }
    new TreeMap<>(settings.modelBudgets())
        .forEach(
            (model, budget) ->
                all.add(
                    new Owned(
                        kind,
                        id,
                        settings.name(),
                        Optional.of(model),
                        account.forModel(model, budget))));
  }
}
