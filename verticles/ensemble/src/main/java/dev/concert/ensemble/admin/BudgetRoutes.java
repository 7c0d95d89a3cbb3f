package dev.concert.ensemble.admin;

import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import dev.concert.ensemble.budget.Budget;
import dev.concert.ensemble.budget.BudgetAccount;
import dev.concert.ensemble.budget.Budgets;
import dev.concert.ensemble.http.JsonResponse;
import dev.concert.ensemble.key.ApiKey;
import dev.concert.ensemble.key.KeySettings;
import dev.concert.ensemble.key.KeyStore;
import dev.concert.ensemble.model.Price;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/** Lists the budgets, and what is spent of each in its current period. */
final class BudgetRoutes {
  private final AsyncKeyStore accounts;
  private final Budgets budgets;

  BudgetRoutes(AsyncKeyStore accounts, Budgets budgets) {
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
   * @param spent US dollars on this node
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

  private record All(List<Shown> budgets) {}

  private void list(RoutingContext context) {
    accounts
        .reading(this::all)
        .onSuccess(all -> JsonResponse.send(context.response(), 200, all))
        .onFailure(context::fail);
  }

  private All all(KeyStore store) {
    List<Shown> all = new ArrayList<>();
    store
        .customers()
        .forEach(
            customer ->
                customer
                    .budget()
                    .ifPresent(
                        budget ->
                            all.add(
                                shown(
                                    "customer",
                                    customer.id(),
                                    customer.name(),
                                    null,
                                    BudgetAccount.ofCustomer(customer.id(), customer.budget()),
                                    budget))));
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
    return new All(all);
  }

  private void add(
      List<Shown> all, String kind, String id, BudgetAccount account, KeySettings settings) {
    settings
        .budget()
        .ifPresent(budget -> all.add(shown(kind, id, settings.name(), null, account, budget)));
    new TreeMap<>(settings.modelBudgets())
        .forEach(
            (model, budget) ->
                all.add(
                    shown(
                        kind,
                        id,
                        settings.name(),
                        model,
                        account.forModel(model, budget),
                        budget)));
  }

  private Shown shown(
      String kind, String id, String name, String model, BudgetAccount account, Budget budget) {
    return new Shown(
        kind,
        id,
        name,
        model,
        budget.amount().toPlainString(),
        AdminFields.word(budget.period()),
        Price.plain(budgets.spent(account.id(), budget.period())));
  }
}
