/**
 * What every service does alike over HTTP.
 *
 * <p>An <b>SSE response</b> is a stream of server-sent events
 * (https://html.spec.whatwg.org/multipage/server-sent-events.html); an <b>SSE parser</b> reads one.
 *
 * <p>A <b>strict WebSocket</b> holds its peer to RFC 6455, and closes with the code of the RFC.
 *
 * <p>A <b>public address</b> is one of the public internet: to others nothing goes that somebody
 * outside has named.
 *
 * <p>A <b>loopback name</b> is one by which a browser reaches its own machine.
 */
package dev.concert.foundation.http;
