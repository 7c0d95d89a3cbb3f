package dev.concert.platform.doctor;

/**
 * What the doctor found of one part.
 *
 * @param part what was looked for
 * @param state how it is
 * @param detail what was found, or what Concert does without it
 * @param remedy the command that mends it; empty when nothing is to be done
 */
public record Finding(String part, State state, String detail, String remedy) {

  /** How a part is. */
  public enum State {
    /** There. */
    OK,
    /** Not there; Concert runs with something lesser. */
    FALLBACK,
    /** Not there; no turn can run. */
    MISSING
  }

  static Finding ok(String part, String detail) {
    return new Finding(part, State.OK, detail, "");
  }

  static Finding fallback(String part, String detail, String remedy) {
    return new Finding(part, State.FALLBACK, detail, remedy);
  }

  static Finding missing(String part, String detail, String remedy) {
    return new Finding(part, State.MISSING, detail, remedy);
  }
}
