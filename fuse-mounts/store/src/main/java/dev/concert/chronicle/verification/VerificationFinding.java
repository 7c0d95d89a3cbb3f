package dev.concert.chronicle.verification;

/**
 * Something that is not as it should be.
 *
 * @param workspace id of the workspace
 * @param path empty where it is not about one path
 * @param sequence of the iteration; 0 where it is not about one
 * @param detail one sentence for a person
 */
public record VerificationFinding(
    String workspace, Problem problem, String path, long sequence, String detail) {

  public enum Problem {
    /** The database of the journal is damaged. */
    JOURNAL_DAMAGED,
    /** An iteration is missing from the sequence. */
    ITERATION_MISSING,
    /** What the journal says of a path is not what its latest iteration says. */
    PATH_INCONSISTENT,
    /** The store does not have a content. */
    CONTENT_MISSING,
    /** The store has other bytes than were put, or another number of them. */
    CONTENT_DAMAGED
  }
}
