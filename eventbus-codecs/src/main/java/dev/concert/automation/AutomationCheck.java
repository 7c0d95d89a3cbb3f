package dev.concert.automation;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * One check of what a run left in its workspace. The platform makes it, on a copy that the agent
 * cannot change.
 *
 * @param kind what is looked at
 * @param path of a file in the workspace; for {@code file}, {@code text}, {@code json} and {@code
 *     schema}
 * @param expected the text of {@code text}, the field of {@code json}, the JSON Schema of {@code
 *     schema}; what the reviewer of {@code review} judges by
 * @param command for the shell; for {@code command}, and for {@code tests} that are not found by
 *     themselves
 * @param agentType of the reviewer; null for that of the task
 * @param model of the reviewer; null for that of the task
 * @param timeoutSeconds of a command; null for ten minutes
 */
public record AutomationCheck(
    Kind kind,
    String path,
    String expected,
    String command,
    String agentType,
    String model,
    Integer timeoutSeconds) {
  public static final int DEFAULT_TIMEOUT = 600;
  private static final int MAX_TIMEOUT = 1800;
  private static final int MAX_COMMAND = 10_000;
  private static final int MAX_SCHEMA = 65_536;

  /** The kinds, by their names in JSON. */
  public enum Kind {
    /** The file is there. */
    FILE,
    /** The file contains the text. */
    TEXT,
    /** The file is JSON and has the field. */
    JSON,
    /** The file is JSON and matches the JSON Schema. */
    SCHEMA,
    /** The command ends with 0. */
    COMMAND,
    /** The project's own tests pass. */
    TESTS,
    /** Another agent, which has nothing but the files, says that the work is done. */
    REVIEW;

    /** Its name in JSON. */
    @JsonValue
    public String wireName() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  public int seconds() {
    return timeoutSeconds == null ? DEFAULT_TIMEOUT : timeoutSeconds;
  }

  /** What is wrong, if anything. */
  Optional<String> fault() {
    if (kind == null) {
      return Optional.of("a check of 'task.checks' needs 'kind'");
    }
    boolean isOfFile = List.of(Kind.FILE, Kind.TEXT, Kind.JSON, Kind.SCHEMA).contains(kind);
    if (isOfFile && isMissing(path)) {
      return needs("path");
    }
    boolean expects = List.of(Kind.TEXT, Kind.JSON, Kind.SCHEMA, Kind.REVIEW).contains(kind);
    if (expects && isMissing(expected)) {
      return needs("expected");
    }
    if (kind == Kind.SCHEMA && expected.length() > MAX_SCHEMA) {
      return Optional.of("'expected' of a check of the kind schema has at most 65536 characters");
    }
    if (kind == Kind.COMMAND && isMissing(command)) {
      return needs("command");
    }
    if (command != null && (command.length() > MAX_COMMAND || command.indexOf('\0') >= 0)) {
      return Optional.of("'command' of a check has at most 10000 characters, none of them NUL");
    }
    return timeoutSeconds != null && (timeoutSeconds < 1 || timeoutSeconds > MAX_TIMEOUT)
        ? Optional.of("'timeoutSeconds' of a check must be from 1 to 1800")
        : Optional.empty();
  }

  private static boolean isMissing(String text) {
    return text == null || text.isBlank();
  }

  private Optional<String> needs(String field) {
    return Optional.of("a check of the kind %s needs '%s'".formatted(kind.wireName(), field));
  }
}
