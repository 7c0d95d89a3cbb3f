/** Trace spans of calls, for OpenTelemetry: names, counts and times, never text or keys. */
package dev.concert.ensemble.trace;
