/**
 * Links by which anybody who has one reads a session.
 *
 * <p>Nouns. A <em>shared link</em> is stored with the hash of its token, which nothing shows again.
 * A <em>shared view</em> is what an open page of a link gets: the messages of the conversation, and
 * nothing else of the session or its tenant. It ends when the link does. A link that never was, one
 * that has expired and one that was revoked answer alike.
 */
package dev.concert.gateway.link;
