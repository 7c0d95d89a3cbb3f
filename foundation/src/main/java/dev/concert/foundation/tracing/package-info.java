/**
 * Traces of requests over all services, sent by OpenTelemetry's protocol; off unless configured.
 */
package dev.concert.foundation.tracing;
