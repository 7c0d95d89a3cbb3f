/**
 * What tenants may spend. A tenant whose billing is on has a {@code TenantLedger}, the file {@code
 * billing.db} beside its registry: a {@code CreditAccount} with balance, reserved and owed amounts,
 * and one {@code CreditEntry} for each change, which nothing changes afterwards.
 *
 * <p>Before a turn, the {@code TurnCredit} reserves credit ({@code CreditReservation}) and gives
 * Ensemble an allowance of that amount, which Ensemble has extended as needed. After the turn,
 * {@code Settlements} charges the model calls that Ensemble's usage ledger has ({@code TurnCharge})
 * and releases the reservation; it tries again until it can, also after a restart.
 *
 * <p>All amounts are US dollars, exact decimals. A tenant without billing has no file here and no
 * limits.
 *
 * <p>Large on purpose: the ledger's rules, rows and transactions are seen by nobody else.
 */
package dev.concert.gateway.billing;
