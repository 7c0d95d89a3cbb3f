/**
 * IRC, over one connection for each bridge. An {@link dev.concert.bridges.irc.IrcLine} is what goes
 * over it; the {@link dev.concert.bridges.irc.IrcClient} keeps it open.
 *
 * <p>IRC has neither ids, nor edits, nor buttons: a message is sent when it is complete, and people
 * write what they answer. The server says by its answer to a {@code PING} that it has taken what
 * came before.
 */
package dev.concert.bridges.irc;
