package dev.concert.gateway;

import dev.concert.bus.Accepted;
import dev.concert.bus.Addresses;
import dev.concert.bus.ConcertBus;
import dev.concert.credit.CreditMessages.CloseAllowance;
import dev.concert.credit.CreditMessages.EndedCall;
import dev.concert.credit.CreditMessages.ExtendReservation;
import dev.concert.credit.CreditMessages.SetAllowance;
import dev.concert.credit.CreditMessages.TurnCalls;
import dev.concert.error.ConcertException;
import dev.concert.error.ErrorCode;
import dev.concert.inference.InferenceMessages.Model;
import dev.concert.inference.InferenceMessages.Models;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;

/**
 * Ensemble's side of the bus, played by the test: its usage ledger survives a gateway. The real one
 * is tested in its own module and in the platform's tests.
 */
final class FakeEnsemble {
  private static final Duration SOON = Duration.ofSeconds(20);
  private final Map<String, List<EndedCall>> calls = new ConcurrentHashMap<>();
  final Map<String, BigDecimal> allowances = new ConcurrentHashMap<>();

  /** The tenants whose agents need an allowance for each call. */
  final Set<String> billed = ConcurrentHashMap.newKeySet();

  /** The tenants of whose calls no id is left. */
  final Set<String> forgotten = ConcurrentHashMap.newKeySet();

  final List<String> closed = new CopyOnWriteArrayList<>();
  final Map<String, Long> open = new ConcurrentHashMap<>();

  /** Runs before it answers that it has an allowance. */
  volatile Supplier<Future<Void>> beforeAllowance = Future::succeededFuture;

  /** Runs before it answers which calls a turn made. */
  volatile Supplier<Future<Void>> beforeCalls = Future::succeededFuture;

  volatile boolean away;
  private ConcertBus bus;

  /** Answers on the bus of this gateway. */
  FakeEnsemble on(Vertx vertx) {
    bus = new ConcertBus(vertx);
    bus.serve(Addresses.LIST_MODELS, _ -> answered(() -> new Models(List.of(model()), "m")));
    bus.serve(
        Addresses.SET_ALLOWANCE,
        request -> beforeAllowance.get().compose(_ -> answered(() -> set(request))));
    bus.serve(
        Addresses.CLOSE_ALLOWANCE,
        request -> beforeCalls.get().compose(_ -> answered(() -> close(request))));
    bus.serve(
        Addresses.FORGET_ALLOWANCES,
        request -> {
          billed.remove(request.tenantId());
          return Future.succeededFuture(Accepted.ACCEPTED);
        });
    bus.serve(
        Addresses.FORGET_USAGE,
        request ->
            answered(
                () -> {
                  forgotten.add(request.tenantId());
                  return Accepted.ACCEPTED;
                }));
    return this;
  }

  /** A dollar for a million tokens: 0.005024 dollars are reserved for a turn with a short text. */
  private static Model model() {
    return new Model(
        "m", "p", 100_000, 4_096, true, false, false, false, false, false, "1", "1", "1", "1", "1");
  }

  private <T> Future<T> answered(Supplier<T> answer) {
    return away
        ? Future.failedFuture(
            new ConcertException(ErrorCode.ENSEMBLE_UNAVAILABLE, "Ensemble is away."))
        : Future.succeededFuture(answer.get());
  }

  private Accepted set(SetAllowance request) {
    billed.add(request.tenantId());
    allowances.put(request.turnId(), new BigDecimal(request.amount()));
    return Accepted.ACCEPTED;
  }

  private TurnCalls close(CloseAllowance request) {
    closed.add(request.turnId());
    return new TurnCalls(
        List.copyOf(calls.getOrDefault(request.turnId(), List.of())),
        open.getOrDefault(request.turnId(), 0L));
  }

  /** A call of an agent that costs this, as the real one makes it. */
  Future<Void> call(String tenant, String turn, String cost) {
    BigDecimal total = spent(turn).add(new BigDecimal(cost));
    Future<?> covered =
        total.compareTo(allowances.get(turn)) <= 0
            ? Future.succeededFuture()
            : bus.request(
                    Addresses.EXTEND_RESERVATION,
                    new ExtendReservation(tenant, turn, total.toPlainString()),
                    SOON)
                .onSuccess(extended -> allowances.put(turn, new BigDecimal(extended.amount())));
    return covered.map(
        _ -> {
          record(turn, cost);
          return null;
        });
  }

  /** A call that is in the usage ledger. */
  void record(String turn, String cost) {
    List<EndedCall> made = calls.computeIfAbsent(turn, _ -> new CopyOnWriteArrayList<>());
    made.add(new EndedCall(made.size() + 1L, "m", cost));
  }

  BigDecimal spent(String turn) {
    return calls.getOrDefault(turn, List.of()).stream()
        .map(EndedCall::cost)
        .map(BigDecimal::new)
        .reduce(BigDecimal.ZERO, BigDecimal::add);
  }

  /** What all turns have cost. */
  BigDecimal spent() {
    return calls.keySet().stream().map(this::spent).reduce(BigDecimal.ZERO, BigDecimal::add);
  }
}
