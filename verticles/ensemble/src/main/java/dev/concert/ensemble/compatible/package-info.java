/**
 * The vendors' own APIs, so that their SDKs and agents work by changing the base URL, whichever
 * provider answers behind.
 *
 * <p>Each form turns its request into the JSON of {@code /api/v1}, which is then read and checked
 * as any other, and our blocks into its answer. What the form has no field for (signatures and
 * encrypted reasoning of other vendors) travels in fields that its SDK hands back unread: {@code
 * ensemble_opaque} on calls, {@code reasoning_details} in chat, signatures and redacted thinking
 * with the prefix {@code ensemble:} in messages.
 */
package dev.concert.ensemble.compatible;
