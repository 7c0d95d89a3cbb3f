package dev.concert.automation;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;
import java.util.Optional;

/**
 * The files that a run begins with.
 *
 * @param kind {@code fresh}: none; {@code session}: a copy of another session's; {@code
 *     repository}: a clone
 * @param sessionId whose files are copied; null for none
 * @param url of the repository, {@code https} without a password; null for none
 * @param ref branch or tag of the repository; null for its default branch
 */
public record RunWorkspace(Kind kind, String sessionId, String url, String ref) {
  // Nothing in them means something to a shell or is an option of git.
  private static final String URL =
      "https://[A-Za-z0-9][A-Za-z0-9.-]*(:[0-9]{1,5})?(/[A-Za-z0-9._~%+-]+)+/?";
  private static final String REF = "[A-Za-z0-9_][A-Za-z0-9._/+-]{0,199}";
  private static final int MAX_URL = 1000;

  /** The kinds, by their names in JSON. */
  public enum Kind {
    FRESH,
    SESSION,
    REPOSITORY;

    /** Its name in JSON. */
    @JsonValue
    public String wireName() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** Without a repository. */
  public RunWorkspace(Kind kind, String sessionId) {
    this(kind, sessionId, null, null);
  }

  /** What is wrong, if anything. */
  Optional<String> fault() {
    if (kind == null) {
      return Optional.of("'task.workspace' needs 'kind'");
    }
    if (kind == Kind.REPOSITORY && (url == null || url.length() > MAX_URL || !url.matches(URL))) {
      return Optional.of("'task.workspace.url' must be like https://example.com/team/site.git");
    }
    if (ref != null && (kind != Kind.REPOSITORY || !ref.matches(REF))) {
      return Optional.of("'task.workspace.ref' must be a branch or tag of a repository");
    }
    return kind == Kind.SESSION && (sessionId == null || sessionId.isBlank())
        ? Optional.of("'task.workspace' of the kind session needs 'sessionId'")
        : Optional.empty();
  }
}
