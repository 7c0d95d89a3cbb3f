package dev.concert.protocol;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;
import java.util.Set;

/** The seven states of a session and the moves between them (protocol.md, "States"). */
public enum SessionState {
  INACTIVE,
  ACTIVATING,
  READY,
  RUNNING,
  WAITING,
  DEACTIVATING,
  ERROR;

  /** Whether a session in this state may go to {@code next}; any other move is a defect. */
  public boolean mayBecome(SessionState next) {
    return following().contains(next);
  }

  private Set<SessionState> following() {
    return switch (this) {
      case INACTIVE -> Set.of(ACTIVATING);
      case ACTIVATING -> Set.of(READY, INACTIVE, ERROR);
      case READY -> Set.of(RUNNING, DEACTIVATING, INACTIVE, ERROR);
      case RUNNING -> Set.of(READY, WAITING, DEACTIVATING, ERROR);
      case WAITING -> Set.of(RUNNING, READY, DEACTIVATING, ERROR);
      case DEACTIVATING -> Set.of(INACTIVE, ERROR);
      case ERROR -> Set.of(ACTIVATING, DEACTIVATING, INACTIVE);
    };
  }

  @JsonValue
  public String wireName() {
    return name().toLowerCase(Locale.ROOT);
  }
}
