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

  int code() {
    return code;
  }
}
