/**
 * The command-line client: runs one turn over a gateway's WebSocket and shows it. It knows only the
 * wire protocol. A view prints events, an approver answers the agent's questions.
 */
package dev.concert.client;
