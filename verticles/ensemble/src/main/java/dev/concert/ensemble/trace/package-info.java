/** What Ensemble adds to OpenTelemetry's traces: names, counts and times, never text or a key. */
package dev.concert.ensemble.trace;
