/**
 * Access tokens of an OpenID provider, the <em>issuer</em>: JWTs that it signs. Its <em>discovery
 * document</em> names its <em>key set</em> (JWKS); a token names the key that signed it by its
 * <em>kid</em>. {@link dev.concert.gateway.auth.openid.IssuerKeys} follows the rotation of the
 * keys, {@link dev.concert.gateway.auth.openid.TokenVerifier} checks a token, and {@link
 * dev.concert.gateway.auth.Memberships} knows its bearer.
 */
package dev.concert.gateway.auth.openid;
