package dev.concert.protocol;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/** The five roles, lowest first. */
public enum Role {
  GUEST,
  VIEWER,
  DEVELOPER,
  ADMIN,
  OWNER;

  @JsonValue
  public String wireName() {
    return name().toLowerCase(Locale.ROOT);
  }
}
