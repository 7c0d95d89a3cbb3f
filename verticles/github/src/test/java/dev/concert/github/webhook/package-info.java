/** What GitHub tells, by its own examples. */
package dev.concert.github.webhook;
