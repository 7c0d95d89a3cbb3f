/**
 * Messages to somebody else's service, each delivered once where that service allows it.
 *
 * <p>A {@link dev.concert.foundation.outbox.OutboxMessage} has a key that its writer chooses, so
 * that a writer that begins again after a crash writes nothing twice, and a text that may still
 * change: a text that changes before it was sent replaces the one before. The {@link
 * dev.concert.foundation.outbox.DurableOutbox} stores them. The {@link
 * dev.concert.foundation.outbox.OutboxDelivery} sends them through an {@link
 * dev.concert.foundation.outbox.OutboxSender}, each conversation in order, and goes on after a
 * restart. An orderly stop ends what is being sent. Where a crash leaves open whether a message was
 * sent, the message is uncertain, and the sender looks it up before it sends again.
 */
package dev.concert.foundation.outbox;
