/**
 * The gateway's side of the chat bridges. {@link dev.concert.gateway.bridge.MemberCalls} lets
 * services ask in the name of a member. {@link dev.concert.gateway.bridge.WebhookRoute} passes the
 * webhooks of chat platforms on, and {@link dev.concert.gateway.bridge.BridgeHandlers} what members
 * ask about bridges.
 */
package dev.concert.gateway.bridge;
