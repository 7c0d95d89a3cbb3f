package dev.concert.ensemble.batch;

import dev.concert.ensemble.admission.Admission;
import dev.concert.ensemble.budget.BudgetReservations;
import dev.concert.ensemble.exchange.RecordExchange;
import dev.concert.ensemble.ledger.UsageLedger;
import dev.concert.ensemble.routing.ModelRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * The files and batches of all keys.
 *
 * @param files what keys have uploaded, and what batches have written
 * @param batches what vendors work on
 * @param cleanup deletes what is kept for keys that were revoked; run it on the verticle's context
 */
public record VendorObjects(KeptFiles files, KeptBatches batches, Runnable cleanup) {

  /**
   * Opens them; completes when the batches that are under way hold their money again.
   *
   * @param revoked whether a caller's id is that of a key that will never be valid again; blocks
   * @param exchange with other nodes
   * @param claims of batches, among the same nodes
   * @param guarded whether guardrails check calls
   */
  public static Future<VendorObjects> open(
      Vertx vertx,
      KeptObjectStore kept,
      ModelRegistry models,
      Optional<Admission> admission,
      BudgetReservations budgets,
      Optional<UsageLedger> ledger,
      Predicate<String> revoked,
      Optional<RecordExchange> exchange,
      Optional<BatchClaims> claims,
      boolean guarded) {
    ObjectAccess access = new ObjectAccess(vertx, kept, models, admission, exchange);
    BatchLines lines = new BatchLines(models, admission, guarded);
    BatchBooks books = new BatchBooks(vertx, models, admission, budgets, ledger);
    BatchSettlement settlement = new BatchSettlement(access, books, revoked, claims);
    return settlement
        .start()
        .map(
            started ->
                new VendorObjects(
                    new KeptFiles(access, lines),
                    new KeptBatches(access, lines, books, settlement),
                    settlement::forgetRevoked));
  }
}
