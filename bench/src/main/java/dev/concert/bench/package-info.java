/**
 * Benchmarks. Each main class measures one thing beside a peer in the same run and prints a table;
 * {@code bench/README.md} has the figures.
 *
 * <p>Large on purpose: the benchmarks share child processes, fake servers and load generators, and
 * each main class is one file that nothing else uses.
 */
package dev.concert.bench;
