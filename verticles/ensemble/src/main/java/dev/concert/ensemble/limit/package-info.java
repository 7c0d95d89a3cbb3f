/**
 * Rate limits of calls and tokens per minute, on one node or shared by several. A {@code
 * RateLimiter} counts in a {@code QuotaWindow} of sixty seconds, made of {@code TimeBucket}s. With
 * Redis each node owns a {@code NodeShare} of every limit by the {@code NodeRing}; {@code
 * QuotaSync} moves what one node does not need to another. Why it is so: docs/adr/0009 and 0012.
 */
package dev.concert.ensemble.limit;
