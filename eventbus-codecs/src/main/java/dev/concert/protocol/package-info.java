/**
 * What a client is told, and how it is stored.
 *
 * <p>A <em>server event</em> is a record of {@link dev.concert.protocol.ServerEvent}. Its
 * <em>row</em> in {@link dev.concert.protocol.ServerProtocol} says everything else about it: name,
 * group, scope, protocol version, merge rule, the names under which agents say it. A <em>session
 * event</em> is an event with its place in a session. Its <em>event record</em> is what is stored;
 * each client protocol is a projection of it.
 *
 * <p>Large on purpose: it is the vocabulary of all transports, with one interface of requests for
 * each group of operations.
 */
package dev.concert.protocol;
