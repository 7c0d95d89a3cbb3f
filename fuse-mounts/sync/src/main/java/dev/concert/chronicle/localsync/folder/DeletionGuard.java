package dev.concert.chronicle.localsync.folder;

/**
 * Keeps an emptied folder from emptying the workspace: when most files are missing at one look, the
 * person has to confirm it.
 *
 * @param allowed whether it is meant
 */
public record DeletionGuard(boolean allowed) {
  /** So few may always be missing, unless they are all there were. */
  public static final int FEW = 20;

  /**
   * Whether these deletions are to be refused.
   *
   * @param missing files that were there at the last look and are not now
   * @param known files that were there
   */
  boolean refuses(long missing, long known) {
    boolean all = missing == known && missing > 1;
    boolean most = missing >= FEW && missing * 2 > known;
    return !allowed && (all || most);
  }
}
