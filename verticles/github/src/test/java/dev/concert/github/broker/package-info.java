/** What the broker lets git do, and what it refuses. */
package dev.concert.github.broker;
