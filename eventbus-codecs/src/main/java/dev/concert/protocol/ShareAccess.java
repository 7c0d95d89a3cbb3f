package dev.concert.protocol;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/** What a session is shared for. */
public enum ShareAccess {
  READ,
  /** Also reads. */
  WRITE;

  @JsonValue
  public String wireName() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * The access with this wire name.
   *
   * @throws IllegalArgumentException if there is none
   */
  public static ShareAccess ofWireName(String name) {
    return valueOf(name.toUpperCase(Locale.ROOT));
  }

  /** Whether this permission in the session comes with it. */
  public boolean gives(Permission permission) {
    return switch (permission) {
      case THREADS_READ -> true;
      case THREADS_WRITE -> this == WRITE;
      default -> false;
    };
  }
}
