package dev.concert.chronicle.health;

import dev.concert.error.ErrorCode;
import java.util.Locale;

/**
 * Why a workspace cannot be written or its changes not be recorded.
 *
 * @param message one sentence for a person, without a path
 */
public record HealthProblem(ErrorCode code, String message) {
  static final HealthProblem FULL =
      new HealthProblem(
          ErrorCode.WORKSPACE_FULL,
          "The disk of the workspace is full: nothing can be written until there is room.");
  static final HealthProblem NO_INODES =
      new HealthProblem(
          ErrorCode.WORKSPACE_FULL,
          "The disk of the workspace takes no more files: it has no inodes left.");
  static final HealthProblem READ_ONLY =
      new HealthProblem(
          ErrorCode.WORKSPACE_READ_ONLY, "The disk of the workspace can only be read at present.");
  static final HealthProblem UNRECORDED =
      new HealthProblem(
          ErrorCode.WORKSPACE_UNRECORDED,
          "Changes of the workspace cannot be recorded; they will be as soon as that is possible.");

  /** What a failure says of the disk; the words are the kernel's and SQLite's. */
  public static HealthProblem of(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      String words = String.valueOf(cause.getMessage()).toLowerCase(Locale.ROOT);
      if (words.contains("no space left")
          || words.contains("disk quota exceeded")
          || words.contains("disk is full")
          || words.contains("errno 28")) {
        return FULL;
      }
      if (words.contains("read-only file system")
          || words.contains("readonly database")
          || words.contains("errno 30")) {
        return READ_ONLY;
      }
    }
    return UNRECORDED;
  }
}
