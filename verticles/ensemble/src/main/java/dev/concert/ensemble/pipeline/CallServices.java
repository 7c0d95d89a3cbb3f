package dev.concert.ensemble.pipeline;

import dev.concert.ensemble.access.AccessTokens;
import dev.concert.ensemble.admission.Admission;
import dev.concert.ensemble.allowance.Allowances;
import dev.concert.ensemble.budget.BudgetReservations;
import dev.concert.ensemble.call.ResponseStore;
import dev.concert.ensemble.guardrail.Guardrails;
import dev.concert.ensemble.ledger.CallLedger;
import dev.concert.ensemble.metrics.EnsembleMetrics;
import dev.concert.ensemble.routing.CallRouter;
import dev.concert.ensemble.usage.UsageReporter;
import java.util.Optional;

/**
 * The services that the stages use.
 *
 * @param admission empty without a keys file
 * @param usage receives the report of every call, after the ledger
 */
public record CallServices(
    AccessTokens tokens,
    CallRouter router,
    Optional<Admission> admission,
    BudgetReservations budgets,
    Allowances allowances,
    CallLedger ledger,
    ResponseStore store,
    UsageReporter usage,
    EnsembleMetrics metrics,
    Guardrails guardrails) {}
