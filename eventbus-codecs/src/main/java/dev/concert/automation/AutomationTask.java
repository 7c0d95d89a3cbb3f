package dev.concert.automation;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What a run does: a turn of an agent, and checks of its result.
 *
 * @param prompt the message to the agent
 * @param agentType null for the default agent
 * @param model null for the agent's default
 * @param sessionId the session in which all runs go on; null for a new session for each run
 * @param visibility of new sessions, {@code private} or {@code tenant}; null for private
 * @param checks what the platform looks at when the agent is done; null for none
 */
public record AutomationTask(
    String prompt,
    String agentType,
    String model,
    String sessionId,
    String visibility,
    List<Check> checks) {
  private static final int MAX_PROMPT = 100_000;
  private static final int MAX_CHECKS = 20;

  /**
   * One check of a run's workspace.
   *
   * @param kind {@code file}: the file is there; {@code text}: the file contains the text; {@code
   *     json}: the file is JSON and has the field
   * @param path of the file in the workspace
   * @param expected the text or the field; null for {@code file}
   */
  public record Check(Kind kind, String path, String expected) {
    /** The kinds, by their names in JSON. */
    public enum Kind {
      FILE,
      TEXT,
      JSON;

      /** Its name in JSON. */
      @JsonValue
      public String wireName() {
        return name().toLowerCase(Locale.ROOT);
      }
    }

    private Optional<String> fault() {
      if (kind == null || path == null || path.isBlank()) {
        return Optional.of("a check of 'task.checks' needs 'kind' and 'path'");
      }
      return kind != Kind.FILE && (expected == null || expected.isEmpty())
          ? Optional.of("a check of the kind " + kind.wireName() + " needs 'expected'")
          : Optional.empty();
    }
  }

  public List<Check> allChecks() {
    return checks == null ? List.of() : checks;
  }

  /** What is wrong, if anything. */
  public Optional<String> fault() {
    if (prompt == null || prompt.isBlank()) {
      return Optional.of("'task.prompt' is missing");
    }
    if (prompt.length() > MAX_PROMPT) {
      return Optional.of("'task.prompt' has more than 100000 characters");
    }
    if (visibility != null && !List.of("private", "tenant").contains(visibility)) {
      return Optional.of("'task.visibility' must be one of private, tenant");
    }
    if (allChecks().size() > MAX_CHECKS) {
      return Optional.of("'task.checks' has more than 20 entries");
    }
    return allChecks().stream().map(Check::fault).flatMap(Optional::stream).findFirst();
  }
}
