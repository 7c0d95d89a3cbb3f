/**
 * Played chat platforms, in their real wire form. They refuse what the real ones refuse.
 *
 * <p>Large on purpose: each platform has a server, and the parts of its API that a bridge uses.
 */
package dev.concert.testing.chat;
