/**
 * What the gateway and Ensemble tell each other about money: a turn's allowance, its extension, and
 * what its model calls cost. Amounts are US dollars as plain decimals, exact.
 */
package dev.concert.credit;
