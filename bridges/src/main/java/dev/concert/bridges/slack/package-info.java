/**
 * Slack: the Events API, interactive buttons and the slash command over HTTP, and the Web API.
 *
 * <p>What a message of ours is, Slack keeps in its metadata: so a message of which nobody knows
 * whether it was sent is looked up, and is there once.
 */
package dev.concert.bridges.slack;
