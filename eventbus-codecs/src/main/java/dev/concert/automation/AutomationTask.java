package dev.concert.automation;

import java.util.List;
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
 * @param workspace the files that new sessions begin with; null for none
 */
public record AutomationTask(
    String prompt,
    String agentType,
    String model,
    String sessionId,
    String visibility,
    List<AutomationCheck> checks,
    RunWorkspace workspace) {
  private static final int MAX_PROMPT = 100_000;
  private static final int MAX_CHECKS = 20;

  /** With no files at the beginning. */
  public AutomationTask(
      String prompt,
      String agentType,
      String model,
      String sessionId,
      String visibility,
      List<AutomationCheck> checks) {
    this(prompt, agentType, model, sessionId, visibility, checks, null);
  }

  public List<AutomationCheck> allChecks() {
    return checks == null ? List.of() : checks;
  }

  /** The session whose files a run begins with. */
  public Optional<String> sourceSession() {
    return Optional.ofNullable(workspace)
        .filter(files -> files.kind() == RunWorkspace.Kind.SESSION)
        .map(RunWorkspace::sessionId);
  }

  /** The repository whose clone a run begins with. */
  public Optional<RunWorkspace> repository() {
    return Optional.ofNullable(workspace)
        .filter(files -> files.kind() == RunWorkspace.Kind.REPOSITORY);
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
    if (workspace != null && workspace.kind() != RunWorkspace.Kind.FRESH && sessionId != null) {
      return Optional.of("'task.workspace' is for new sessions: leave out 'task.sessionId'");
    }
    if (allChecks().size() > MAX_CHECKS) {
      return Optional.of("'task.checks' has more than 20 entries");
    }
    return Optional.ofNullable(workspace)
        .flatMap(RunWorkspace::fault)
        .or(
            () ->
                allChecks().stream()
                    .map(AutomationCheck::fault)
                    .flatMap(Optional::stream)
                    .findFirst());
  }
}
