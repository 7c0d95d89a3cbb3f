package dev.concert.gateway.projection;

import dev.concert.protocol.SessionEvent;
import java.util.Optional;

/** What one client protocol makes of a session event. Pure and thread-safe. */
@FunctionalInterface
public interface EventProjection {

  /** The event as it goes over the wire; empty when the protocol does not have it. */
  Optional<String> project(SessionEvent event);
}
