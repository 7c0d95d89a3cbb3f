package dev.concert.gateway.eventlog;

import dev.concert.gateway.connection.Origin;
import dev.concert.protocol.SessionEvent;
import java.util.Optional;

/**
 * An event on its way into the log.
 *
 * @param json the event as it goes over the wire and into the file
 * @param origin the request that led to it, whose sender gets its id echoed
 */
record LogEntry(SessionEvent event, String json, Optional<Origin> origin) {}
