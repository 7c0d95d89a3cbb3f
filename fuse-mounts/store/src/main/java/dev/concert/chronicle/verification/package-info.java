/**
 * Checks that the journals of a host are complete and that every content they name can be read.
 * Changes nothing.
 *
 * <p>Nouns. A <em>finding</em> is one thing that is wrong.
 */
package dev.concert.chronicle.verification;
