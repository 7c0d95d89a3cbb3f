package dev.concert.gateway.eventlog;

import dev.concert.gateway.projection.EventProjection;
import dev.concert.protocol.SessionEvent;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** One event in every protocol that a subscriber speaks, made once for each. Not thread-safe. */
final class EventViews {
  private final SessionEvent event;
  private final Map<EventProjection, Optional<String>> made = new HashMap<>(2);

  EventViews(SessionEvent event) {
    this.event = event;
  }

  SessionEvent event() {
    return event;
  }

  Optional<String> in(EventProjection projection) {
    return made.computeIfAbsent(projection, one -> one.project(event));
  }
}
