package dev.concert.github.work;

/** Git did not do what it was asked for. */
final class GitException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final int code;

  /**
   * @param code with which git ended
   */
  GitException(String message, int code) {
    super(message);
    this.code = code;
  }

  /** Whether the branch on GitHub is not what we left there: somebody else moved it. */
  boolean isMoved() {
    return getMessage().contains("[rejected]") || getMessage().contains("non-fast-forward");
  }

  int code() {
    return code;
  }
}
