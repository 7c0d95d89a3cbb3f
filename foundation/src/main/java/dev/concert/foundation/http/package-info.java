/**
 * What every service does alike over HTTP.
 *
 * <p>An <b>SSE response</b> is a stream of server-sent events
 * (https://html.spec.whatwg.org/multipage/server-sent-events.html).
 *
 * <p>A <b>strict WebSocket</b> holds its peer to RFC 6455, and closes with the code of the RFC.
 */
package dev.concert.foundation.http;
