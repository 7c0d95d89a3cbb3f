/**
 * What the calls of a turn may cost, where its tenant is billed. The gateway gives an agent
 * instance a {@code TurnAllowance}; each call holds the most that it may cost, and settles its real
 * cost. A call that does not fit has the gateway extend the reservation ({@code Reservations}), or
 * is refused. After the turn the allowance is closed, and its calls are read from the usage ledger.
 */
package dev.concert.ensemble.allowance;
