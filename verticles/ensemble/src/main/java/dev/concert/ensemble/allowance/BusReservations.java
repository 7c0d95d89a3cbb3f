package dev.concert.ensemble.allowance;

import dev.concert.bus.Addresses;
import dev.concert.bus.ConcertBus;
import dev.concert.credit.CreditMessages.ExtendReservation;
import io.vertx.core.Future;
import java.math.BigDecimal;
import java.time.Duration;

/** Asks the gateway that gave the allowance. */
public record BusReservations(ConcertBus bus) implements Reservations {
  private static final Duration TIMEOUT = Duration.ofSeconds(10);

  @Override
  public Future<BigDecimal> extend(TurnAllowance turn, BigDecimal total) {
    return bus.request(
            turn.gateway(),
            Addresses.EXTEND_RESERVATION,
            new ExtendReservation(turn.tenantId(), turn.turnId(), total.toPlainString()),
            TIMEOUT)
        .map(extended -> new BigDecimal(extended.amount()));
  }
}
