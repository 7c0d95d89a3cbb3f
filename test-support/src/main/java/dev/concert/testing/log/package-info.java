/**
 * Log messages that tests expect: hidden from the output and checked, so that every warning in the
 * output of a test run is one that nobody expected.
 */
package dev.concert.testing.log;
