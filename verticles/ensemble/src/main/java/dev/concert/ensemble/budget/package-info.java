/**
 * Budgets in US dollars: a call reserves the most it may cost in the accounts of its key and
 * customer, and settles its real cost.
 */
package dev.concert.ensemble.budget;
