/**
 * Decides which iterations of a file are kept. Pure functions; {@code gc} applies them.
 *
 * <p>Nouns. A <em>policy</em> names what stays. A <em>retention candidate</em> is an iteration as a
 * policy sees it.
 */
package dev.concert.chronicle.retention;
