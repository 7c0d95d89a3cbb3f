/**
 * Discord: its gateway, interactions over HTTP or over the gateway, and its REST API. Source:
 * https://docs.discord.com/developers.
 *
 * <p>A thread is a channel of its own with the id of the message that began it, so the conversation
 * of a mention is known before its thread is there. A message has a nonce made of its key: sent
 * again within a few minutes it is the same message.
 */
package dev.concert.bridges.discord;
