/**
 * Authentication: a bearer token belongs to a {@code Caller}, who is an agent instance, a
 * configured key or an issued API key. Tokens are kept as hashes only.
 */
package dev.concert.ensemble.access;
