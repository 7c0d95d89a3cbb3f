package dev.concert.platform.doctor;

/**
 * The result of one check.
 *
 * @param part what was checked
 * @param state whether it is there
 * @param detail what was found, or what Concert does without it
 * @param remedy how to fix it; empty if there is nothing to fix
 */
public record CheckResult(String part, State state, String detail, String remedy) {

  /** Whether a part is there. */
  public enum State {
    /** It is there. */
    OK,
    /** It is missing; Concert uses a fallback. */
    FALLBACK,
    /** It is missing; no turn can run. */
    MISSING
  }

  static CheckResult ok(String part, String detail) {
    return new CheckResult(part, State.OK, detail, "");
  }

  static CheckResult fallback(String part, String detail, String remedy) {
    return new CheckResult(part, State.FALLBACK, detail, remedy);
  }

  static CheckResult missing(String part, String detail, String remedy) {
    return new CheckResult(part, State.MISSING, detail, remedy);
  }
}
