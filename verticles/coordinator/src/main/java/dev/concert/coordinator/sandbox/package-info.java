/**
 * How an agent is isolated. A <em>launch spec</em> says what to run; a <em>sandbox</em> turns it
 * into the command, folder and environment of an operating-system process.
 */
package dev.concert.coordinator.sandbox;
