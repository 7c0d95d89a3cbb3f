/**
 * Conversations of chats as sessions. {@link dev.concert.bridges.conversation.TenantChat} is all of
 * one tenant: events come in through its inbox, {@link
 * dev.concert.bridges.conversation.EventHandler} makes turns of them, a {@link
 * dev.concert.bridges.conversation.TurnFollower} makes messages of a turn's events, and they leave
 * through its outbox. Every step can be repeated, so a crash between two of them changes nothing.
 */
package dev.concert.bridges.conversation;
