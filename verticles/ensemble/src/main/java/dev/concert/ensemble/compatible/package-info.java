/**
 * The vendors' own APIs, so that their SDKs and agents work after a change of the base URL, with
 * any provider.
 *
 * <p>Each {@code ApiFormat} converts its request to the JSON of {@code /api/v1}, which is then read
 * and validated like any other, and converts blocks to its response. Data for which the format has
 * no field (signatures and encrypted reasoning of other vendors) is an {@code OpaqueToken} in a
 * field that the vendor's SDK sends back unread: {@code ensemble_opaque} on calls ({@code
 * extra_content} in chat), {@code reasoning_details} in chat, signatures and redacted thinking with
 * the prefix {@code ensemble:} in messages.
 */
package dev.concert.ensemble.compatible;
