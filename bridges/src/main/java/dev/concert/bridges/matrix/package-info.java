/**
 * Matrix, as an application service of a homeserver. A {@link
 * dev.concert.bridges.matrix.MatrixRegistration} is what the homeserver knows of us; it sends
 * events in transactions, which {@link dev.concert.bridges.matrix.MatrixReader} reads.
 *
 * <p>A thread of a room is a conversation, a direct room another. Matrix takes a message once by
 * its transaction id; a key of ours in the message says later whether it is there. There are no
 * buttons: people write the answer, or react with the sign that the bot put there.
 */
package dev.concert.bridges.matrix;
