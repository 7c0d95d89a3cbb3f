/**
 * Retries. A {@link dev.concert.foundation.retry.Backoff} says how long to wait before the next
 * attempt. Circuit breakers are those of Vert.x.
 */
package dev.concert.foundation.retry;
