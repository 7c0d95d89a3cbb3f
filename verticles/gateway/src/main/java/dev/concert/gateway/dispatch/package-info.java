/**
 * From a request to its reply, whatever the transport.
 *
 * <p>A transport (WebSocket, HTTP) makes a {@link dev.concert.gateway.dispatch.ApiRequest} and
 * gives it to the {@link dev.concert.gateway.dispatch.Dispatcher}, which checks who may and calls
 * the {@link dev.concert.gateway.dispatch.OperationHandler} that is registered in {@link
 * dev.concert.gateway.dispatch.Handlers} for the row of the contract table. The transport gets one
 * future, which always completes, and sends one reply.
 */
package dev.concert.gateway.dispatch;
