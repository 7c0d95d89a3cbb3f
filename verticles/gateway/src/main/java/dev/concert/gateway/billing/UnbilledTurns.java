package dev.concert.gateway.billing;

import dev.concert.bus.Addresses;
import dev.concert.bus.ConcertBus;
import dev.concert.credit.CreditMessages.CloseAllowance;
import dev.concert.credit.CreditMessages.SetAllowance;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;

/**
 * The turns in progress of tenants that were not billed when they began. Where the billing of their
 * tenant begins meanwhile, they get an allowance that covers everything, and are not charged.
 * Thread-safe.
 */
final class UnbilledTurns {
  private static final Duration TIMEOUT = Duration.ofSeconds(10);

  /** US dollars; more than any turn costs. */
  private static final String EVERYTHING = "1000000000";

  private final ConcertBus bus;
  private final Map<String, TurnEstimate> turns = new ConcurrentHashMap<>();

  /** The ids of those that have an allowance. */
  private final Set<String> allowed = ConcurrentHashMap.newKeySet();

  UnbilledTurns(ConcertBus bus) {
    this.bus = bus;
  }

  /**
   * Notes a turn until it ends.
   *
   * @return empty where its tenant is billed
   */
  Optional<HeldCredit> begin(TurnEstimate turn, BooleanSupplier isBilled) {
    // Noted first: what begins to bill in this moment either is seen here, or sees the turn.
    turns.put(turn.turnId(), turn);
    if (isBilled.getAsBoolean()) {
      turns.remove(turn.turnId());
      return Optional.empty();
    }
    return Optional.of(new HeldCredit(() -> end(turn)));
  }

  private void end(TurnEstimate turn) {
    turns.remove(turn.turnId());
    if (allowed.remove(turn.turnId())) {
      close(turn);
    }
  }

  /** What is not closed is replaced by the next turn of the instance. */
  private void close(TurnEstimate turn) {
    bus.request(
        Addresses.CLOSE_ALLOWANCE, new CloseAllowance(turn.instanceId(), turn.turnId()), TIMEOUT);
  }

  /** Has Ensemble serve these turns of a tenant, of which it will want an allowance for each. */
  Future<Void> allow(String tenantId) {
    List<Future<Void>> set =
        turns.values().stream()
            .filter(turn -> turn.tenantId().equals(tenantId) && !allowed.contains(turn.turnId()))
            .map(this::allow)
            .toList();
    return Future.all(set).mapEmpty();
  }

  private Future<Void> allow(TurnEstimate turn) {
    return bus.request(
            Addresses.SET_ALLOWANCE,
            new SetAllowance(
                turn.instanceId(), turn.tenantId(), turn.turnId(), EVERYTHING, bus.node()),
            TIMEOUT)
        .map(
            _ -> {
              allowed.add(turn.turnId());
              if (!turns.containsKey(turn.turnId()) && allowed.remove(turn.turnId())) {
                close(turn);
              }
              return null;
            });
  }
}
