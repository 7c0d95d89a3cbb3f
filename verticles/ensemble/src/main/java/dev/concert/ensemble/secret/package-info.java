/**
 * Secrets that Ensemble has to be able to read again, such as keys of providers: encrypted in a
 * file, by a master key that is not in it.
 */
package dev.concert.ensemble.secret;
