package dev.concert.gateway.eventlog;

import dev.concert.protocol.SessionEvent;

/**
 * An event on its way into the log.
 *
 * @param record the event as it is stored
 */
record LogEntry(SessionEvent event, String record) {}
