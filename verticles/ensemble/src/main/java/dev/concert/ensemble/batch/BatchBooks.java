package dev.concert.ensemble.batch;

import dev.concert.ensemble.access.Caller;
import dev.concert.ensemble.admission.Admission;
import dev.concert.ensemble.budget.BudgetAccount;
import dev.concert.ensemble.budget.BudgetReservation;
import dev.concert.ensemble.budget.BudgetReservations;
import dev.concert.ensemble.ledger.CallLedger;
import dev.concert.ensemble.ledger.OpenedCall;
import dev.concert.ensemble.ledger.UsageLedger;
import dev.concert.ensemble.message.FinishReason;
import dev.concert.ensemble.message.InferenceResponse;
import dev.concert.ensemble.model.ServedModel;
import dev.concert.ensemble.model.TokenCount;
import dev.concert.ensemble.provider.VendorStore;
import dev.concert.ensemble.routing.ModelRegistry;
import dev.concert.ensemble.routing.ModelRoute;
import dev.concert.ensemble.usage.CallEstimate;
import dev.concert.ensemble.usage.CallReport;
import dev.concert.error.ConcertException;
import dev.concert.error.ErrorCode;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Holds what batches may cost in the budgets of their keys, and writes their answers into the usage
 * ledger, each as a call, once.
 *
 * <p>What a batch holds is held again after a restart. Use it on the context of the verticle.
 */
final class BatchBooks {
  /** Calls that are written at the same time. */
  private static final int AT_ONCE = 200;

  private static final String FORM = "batch";

  private final Vertx vertx;
  private final ModelRegistry models;
  private final Optional<Admission> admission;
  private final BudgetReservations budgets;
  private final Optional<UsageLedger> ledger;
  private final Map<String, List<Hold>> held = new ConcurrentHashMap<>();

  BatchBooks(
      Vertx vertx,
      ModelRegistry models,
      Optional<Admission> admission,
      BudgetReservations budgets,
      Optional<UsageLedger> ledger) {
    this.vertx = vertx;
    this.models = models;
    this.admission = admission;
    this.budgets = budgets;
    this.ledger = ledger;
  }

  /** What the lines of one model hold. */
  record Hold(BudgetReservation reserved, List<BudgetAccount> accounts, Instant began) {}

  /** An answer of a batch. */
  record Answer(String customId, TokenCount tokens) {}

  /** A model at the price of its batches. */
  static ServedModel priced(ServedModel model, VendorStore store) {
    return store.isHalfPrice() ? model.at(model.price().ofBatch()) : model;
  }

  /** Holds the most that a batch may cost: all of it or nothing. */
  Future<List<Hold>> hold(Caller caller, BatchPlan plan) {
    List<Hold> holds = new ArrayList<>();
    Future<Void> all = Future.succeededFuture();
    for (BatchPlan.Share share : plan.shares()) {
      all =
          all.compose(
              before -> {
                List<BudgetAccount> accounts = accounts(caller, share);
                refuseUnpriced(accounts, share, plan);
                return budgets
                    .reserve(accounts, share.mostCost())
                    .map(
                        reserved -> {
                          holds.add(new Hold(reserved, accounts, Instant.now()));
                          return null;
                        });
              });
    }
    return all.map(done -> List.copyOf(holds)).onFailure(refused -> giveBack(holds));
  }

  /** The batch exists now. */
  void keep(KeptObject batch, List<Hold> holds) {
    held.put(batch.owner() + ' ' + batch.id(), holds);
  }

  /** Another node has it in its books now. */
  void release(KeptObject batch) {
    giveBack(Optional.ofNullable(held.remove(batch.owner() + ' ' + batch.id())).orElse(List.of()));
  }

  /** Nothing of it was done. */
  void giveBack(List<Hold> holds) {
    holds.forEach(hold -> settle(hold, BigDecimal.ZERO));
  }

  /**
   * After a restart, or for a lost node; what does not fit into a budget any more is charged
   * nevertheless.
   */
  Future<Void> holdAgain(KeptObject batch) {
    BatchPlan plan = batch.plan().orElseThrow();
    return hold(batch.caller(), plan)
        .recover(
            refused ->
                Future.join(
                        plan.shares().stream()
                            .map(
                                share ->
                                    budgets
                                        .reserve(unlimited(batch.caller(), share), BigDecimal.ZERO)
                                        .map(
                                            none ->
                                                new Hold(
                                                    none,
                                                    unlimited(batch.caller(), share),
                                                    Instant.now())))
                            .toList())
                    .map(all -> all.<Hold>list()))
        .onSuccess(holds -> keep(batch, holds))
        .mapEmpty();
  }

  /** Writes the answers that are not in the ledger yet, and settles what the batch holds. */
  Future<Void> book(KeptObject batch, VendorStore store, List<Answer> answers) {
    List<Hold> holds = held.getOrDefault(batch.owner() + ' ' + batch.id(), List.of());
    List<BigDecimal> costs = new ArrayList<>();
    holds.forEach(hold -> costs.add(BigDecimal.ZERO));
    return recorded(batch)
        .compose(
            known ->
                write(
                    batch,
                    store,
                    answers.stream().filter(one -> !known.contains(id(batch, one))).toList(),
                    holds,
                    costs))
        .onSuccess(
            written -> {
              held.remove(batch.owner() + ' ' + batch.id());
              for (int i = 0; i < holds.size(); i++) {
                settle(holds.get(i), costs.get(i));
              }
            });
  }

  private Future<Set<String>> recorded(KeptObject batch) {
    return ledger
        .map(
            kept ->
                vertx.executeBlocking(
                    () -> kept.usage().ofBatch(batch.owner(), batch.id() + '/'), false))
        .orElseGet(() -> Future.succeededFuture(Set.of()));
  }

  private Future<Void> write(
      KeptObject batch,
      VendorStore store,
      List<Answer> answers,
      List<Hold> holds,
      List<BigDecimal> costs) {
    Future<Void> all = Future.succeededFuture();
    for (int from = 0; from < answers.size(); from += AT_ONCE) {
      List<Answer> some = answers.subList(from, Math.min(answers.size(), from + AT_ONCE));
      all =
          all.compose(
              before ->
                  Future.all(
                          some.stream().map(one -> write(batch, store, one, holds, costs)).toList())
                      .mapEmpty());
    }
    return all;
  }

  private Future<Void> write(
      KeptObject batch,
      VendorStore store,
      Answer answer,
      List<Hold> holds,
      List<BigDecimal> costs) {
    BatchPlan plan = batch.plan().orElseThrow();
    int place = plan.place(answer.customId());
    BatchPlan.Share share = plan.shares().get(place);
    Hold hold = holds.get(place);
    ServedModel model = priced(served(share, plan).model(), store);
    TokenCount tokens = answer.tokens();
    OpenedCall call =
        new OpenedCall(
            id(batch, answer),
            batch.caller(),
            Optional.empty(),
            Optional.empty(),
            FORM,
            model,
            plan.endpoint(),
            new CallEstimate(tokens.prompt(), tokens.output(), tokens.output()),
            hold.began(),
            hold.accounts().stream().map(BudgetAccount::id).toList(),
            FORM);
    CallReport report = report(batch, model, tokens, hold);
    costs.set(place, costs.get(place).add(report.cost()));
    return ledger
        .map(CallLedger.class::cast)
        .orElse(CallLedger.NONE)
        .open(call)
        .compose(entry -> entry.settle(report, Optional.empty()));
  }

  private static CallReport report(
      KeptObject batch, ServedModel model, TokenCount tokens, Hold hold) {
    InferenceResponse answer =
        InferenceResponse.of(
            batch.id(), model, List.of(), tokens, FinishReason.END_TURN, null, null, null);
    return new CallReport(
        batch.caller(),
        model,
        batch.endpoint(),
        FORM,
        1,
        tokens,
        new CallReport.End.Answered(answer),
        new CallReport.Times(hold.began(), Optional.empty(), Instant.now()));
  }

  private static String id(KeptObject batch, Answer answer) {
    return batch.id() + '/' + answer.customId();
  }

  private ModelRoute served(BatchPlan.Share share, BatchPlan plan) {
    return models
        .find(share.model())
        .routes()
        .filter(route -> route.provider().endpoint().equals(plan.endpoint()))
        .findFirst()
        .orElseThrow(
            () ->
                new ConcertException(
                    ErrorCode.MODEL_UNKNOWN,
                    "The model '%s' is not at the provider '%s' any more."
                        .formatted(share.model(), plan.endpoint())));
  }

  private List<BudgetAccount> accounts(Caller caller, BatchPlan.Share share) {
    return admission.isPresent() && caller instanceof Caller.IssuedKey key
        ? admission.get().payers(key).accounts(() -> Set.of(share.model(), share.served()))
        : List.of();
  }

  /** The same accounts without their budgets; those of a revoked key are known by its id. */
  private List<BudgetAccount> unlimited(Caller caller, BatchPlan.Share share) {
    try {
      return accounts(caller, share).stream()
          .map(account -> new BudgetAccount(account.id(), Optional.empty()))
          .toList();
    } catch (ConcertException revoked) {
      return List.of(
          BudgetAccount.ofKey(caller.id(), Optional.empty()),
          BudgetAccount.ofCustomer(caller.customer(), Optional.empty()));
    }
  }

  private void refuseUnpriced(List<BudgetAccount> accounts, BatchPlan.Share share, BatchPlan plan) {
    boolean limited = accounts.stream().anyMatch(account -> account.budget().isPresent());
    if (limited && !served(share, plan).model().price().known()) {
      throw new ConcertException(
          ErrorCode.FORBIDDEN,
          "A key with a budget cannot use the model '%s', whose price is not set. Set inputPrice and outputPrice of the model, or remove the budget."
              .formatted(share.model()));
    }
  }

  private void settle(Hold hold, BigDecimal cost) {
    hold.reserved().settle(cost);
    budgets.settled(hold.accounts());
  }
}
