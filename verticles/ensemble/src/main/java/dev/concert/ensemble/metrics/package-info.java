/**
 * Metrics for operators: counts, times and cost, by model and provider, never by caller or text.
 */
package dev.concert.ensemble.metrics;
