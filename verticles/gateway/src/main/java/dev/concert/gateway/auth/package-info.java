/**
 * Who a caller is. An {@link dev.concert.gateway.auth.Authenticator} turns a token into an
 * identity. Where nobody has one, {@link dev.concert.gateway.auth.OriginPolicy} keeps foreign web
 * pages out, and {@link dev.concert.gateway.auth.LocalCallers} the programs of other users: Linux
 * says in its socket table whose a connection is.
 */
package dev.concert.gateway.auth;
