/**
 * The page's sign-in: authorization code with PKCE at the OpenID provider of the configuration.
 *
 * <p>An <em>attempt</em> begins at {@code /auth/login} and ends at {@code /auth/callback}. A cookie
 * binds it to the browser: state, nonce and verifier all follow from the random secret in it, so
 * the server keeps nothing of an attempt, and an answer that belongs to another browser fits none.
 *
 * <p>What comes of it is a <em>page session</em>: the provider's tokens, which never leave the
 * server. It is stored under the hash of its cookie and encrypted with a key that follows from the
 * cookie, so the file alone opens nothing. The session's credential is the provider's access token,
 * renewed by the refresh token where there is one; it ends with the sign-out, with the tokens, and
 * when the person is no member any more.
 */
package dev.concert.gateway.signin;
