package dev.concert.automation;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;
import java.util.Optional;

/**
 * The files that a run begins with.
 *
 * @param kind {@code fresh}: none; {@code session}: a copy of another session's
 * @param sessionId whose files are copied; null for none
 */
public record RunWorkspace(Kind kind, String sessionId) {

  /** The kinds, by their names in JSON. */
  public enum Kind {
    FRESH,
    SESSION;

    /** Its name in JSON. */
    @JsonValue
    public String wireName() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** What is wrong, if anything. */
  Optional<String> fault() {
    if (kind == null) {
      return Optional.of("'task.workspace' needs 'kind'");
    }
    return kind == Kind.SESSION && (sessionId == null || sessionId.isBlank())
        ? Optional.of("'task.workspace' of the kind session needs 'sessionId'")
        : Optional.empty();
  }
}
