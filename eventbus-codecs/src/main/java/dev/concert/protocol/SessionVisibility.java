package dev.concert.protocol;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/** To whom a session is shown, besides the members that it is shared with. */
public enum SessionVisibility {
  /** To its creator. */
  PRIVATE,
  /** To every member of the tenant who is no guest. */
  TENANT;

  @JsonValue
  public String wireName() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * The visibility with this wire name.
   *
   * @throws IllegalArgumentException if there is none
   */
  public static SessionVisibility ofWireName(String name) {
    return valueOf(name.toUpperCase(Locale.ROOT));
  }
}
