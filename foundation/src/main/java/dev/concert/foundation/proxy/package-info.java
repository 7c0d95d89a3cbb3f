/**
 * The proxies on the way out of a network, as the environment names them.
 *
 * <p>A <b>direct host</b> is called without one. Calls between the servers and clients of Concert
 * take no proxy, and neither do those to addresses that members name: these are checked by their
 * address.
 */
package dev.concert.foundation.proxy;
