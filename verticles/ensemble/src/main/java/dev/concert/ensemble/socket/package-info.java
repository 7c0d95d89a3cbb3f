/**
 * The WebSocket {@code /api/v1/ws}: many calls over one connection, identified by ids that the
 * client chooses. The messages are described in docs/agent-protocol.md, "Talking to Ensemble".
 */
package dev.concert.ensemble.socket;
