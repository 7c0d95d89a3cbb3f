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
 * @param workspace the files that new sessions begin with; null for none
 * @param result where what a run changed goes; null to leave it in its session
 */
public record AutomationTask(
    String prompt,
    String agentType,
    String model,
    String sessionId,
    String visibility,
    List<AutomationCheck> checks,
    RunWorkspace workspace,
    Result result) {
  private static final int MAX_PROMPT = 100_000;
  private static final int MAX_CHECKS = 20;

  /** Where what a run changed goes, by its name in JSON. */
  public enum Result {
    /** It stays in the session, where somebody can accept it or fetch it as a branch. */
    FILES,
    /** A branch of the repository that was cloned, with a draft of a pull request. */
    PULL_REQUEST;

    @JsonValue
    public String wireName() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** Leaves what runs changed in their sessions. */
  public AutomationTask(
      String prompt,
      String agentType,
      String model,
      String sessionId,
      String visibility,
      List<AutomationCheck> checks,
      RunWorkspace workspace) {
    this(prompt, agentType, model, sessionId, visibility, checks, workspace, null);
  }

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

  /** The repository that gets a pull request of what a run changed. */
  public Optional<RunWorkspace> pullRequest() {
    return repository().filter(_ -> result == Result.PULL_REQUEST);
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
    if (result == Result.PULL_REQUEST && repository().isEmpty()) {
      return Optional.of(
          "'task.result' pull_request needs 'task.workspace' of the kind repository");
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
