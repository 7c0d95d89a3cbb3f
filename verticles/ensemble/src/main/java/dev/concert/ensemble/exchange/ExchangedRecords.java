package dev.concert.ensemble.exchange;

import java.util.List;
import java.util.Map;

/**
 * The records of a node: JSON objects by their ids. Each has a {@code revision} that a change
 * raises, and may have the {@code status} {@code REVOKED}, which is permanent. Used by one thread
 * at a time; may block.
 */
public interface ExchangedRecords {
  /** What this node may have to give away. */
  Map<String, String> unsent();

  /** Redis has these now, or newer ones. */
  void sent(Map<String, String> records);

  /** Redis has lost its memory: everything is unsent. */
  void forgotten();

  /**
   * Takes records of other nodes, as far as they are newer.
   *
   * @param forced whether they win also where they are not newer; {@code REVOKED} stays in any case
   */
  void take(List<String> records, boolean forced);
}
