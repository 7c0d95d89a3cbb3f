/**
 * How often somebody else's service may be called.
 *
 * <p>A {@link dev.concert.foundation.rate.CallRate} is what the service allows in one scope, such
 * as a channel. {@link dev.concert.foundation.rate.RateBudgets} makes callers wait, and obeys a
 * {@code Retry-After}.
 */
package dev.concert.foundation.rate;
