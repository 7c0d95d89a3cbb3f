/**
 * Writes that may be repeated. A caller gives a write an <em>idempotency key</em>; the write runs
 * once for it, and a repetition gets the <em>stored reply</em> of the first. The rows are in the
 * tenant's registry, so they outlive a restart; a row whose write was interrupted says so.
 */
package dev.concert.gateway.idempotency;
