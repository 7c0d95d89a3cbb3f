/**
 * The WebSocket through which replicas reach the masters of this host. The gateway lets them in: it
 * knows who may, and gets a token for each.
 */
package dev.concert.chronicle.replication.endpoint;
