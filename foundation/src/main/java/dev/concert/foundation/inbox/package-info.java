/**
 * Events that come from outside, such as webhooks of a chat service, each taken once.
 *
 * <p>A {@link dev.concert.foundation.inbox.DurableInbox} claims an event by the id that its sender
 * gave it. The claim is durable before the sender gets its answer and before anything is done; so
 * an event that comes again is recognised, and one whose handling was cut by a crash is resumed.
 */
package dev.concert.foundation.inbox;
