package dev.concert.gateway.billing;

import java.math.BigDecimal;

/**
 * A model call that is charged.
 *
 * @param callId its id in Ensemble's usage ledger
 * @param cost US dollars, exact
 */
record TurnCharge(long callId, String model, BigDecimal cost) {}
