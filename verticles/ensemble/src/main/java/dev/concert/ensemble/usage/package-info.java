/**
 * Usage of calls: estimates before a call, and the {@code CallReport} that every {@code
 * UsageReporter} receives at its end.
 */
package dev.concert.ensemble.usage;
