/**
 * What the tests of all modules share: conditions that skip a test by name, awaited conditions,
 * blocked event loops and log messages that a test expects.
 */
package dev.concert.testing;
