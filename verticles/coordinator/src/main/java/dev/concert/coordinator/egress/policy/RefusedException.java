package dev.concert.coordinator.egress.policy;

/** A destination that the agent does not reach, with the HTTP status that says so. */
public final class RefusedException extends RuntimeException {
  private final int status;

  /**
   * @param reason a sentence for the agent
   */
  RefusedException(int status, String reason) {
    super(reason, null, false, false);
    this.status = status;
  }

  /** HTTP status. */
  public int status() {
    return status;
  }
}
