/**
 * Tokens of platforms that use OpenID. {@link dev.concert.bridges.token.PublishedKeys} are those
 * with which a platform signs what it sends to us; {@link dev.concert.bridges.token.ChatTokens} are
 * those with which we call it.
 */
package dev.concert.bridges.token;
