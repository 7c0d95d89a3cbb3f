/**
 * An OpenID provider, the <em>issuer</em>: who signs in at it, and the tokens that it signs, which
 * are JWTs. Its <em>discovery document</em> names its <em>key set</em> (JWKS); a token names the
 * key that signed it by its <em>kid</em>. {@link dev.concert.foundation.openid.IssuerKeys} follows
 * the rotation of the keys, {@link dev.concert.foundation.openid.TokenVerifier} checks a token. A
 * {@link dev.concert.foundation.openid.SignInAttempt} is bound to a browser; {@link
 * dev.concert.foundation.openid.SignInProvider} makes {@link
 * dev.concert.foundation.openid.SessionTokens} of it.
 */
package dev.concert.foundation.openid;
