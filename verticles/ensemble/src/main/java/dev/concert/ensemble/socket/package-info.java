/**
 * The WebSocket {@code /api/v1/ws}: many calls over one connection, told apart by ids that the
 * client chooses. Messages are in docs/agent-protocol.md, "Talking to Ensemble".
 */
package dev.concert.ensemble.socket;
