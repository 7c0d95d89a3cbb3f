/**
 * Providers over HTTP: {@code HttpProvider} sends a request in its vendor's {@code Dialect} through
 * the {@code UpstreamClient} with its circuit breaker; an {@code UpstreamCall} reads the response
 * with a {@code ResponseReader}; {@code ErrorTaxonomy} maps the vendors' errors. A {@code
 * RelayReader} passes the vendor's own events on where the client speaks the same API.
 *
 * <p>Large on purpose: everything between a request and the blocks of its answer that is alike for
 * all vendors.
 */
package dev.concert.ensemble.provider.upstream;
