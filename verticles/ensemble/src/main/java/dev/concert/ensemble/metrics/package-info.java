/**
 * What operators watch: counts, times and money, by model and provider, never by caller or text.
 */
package dev.concert.ensemble.metrics;
