package dev.concert.chronicle.content;

import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * Which bytes of a file may have changed: at least those that did. Takes little memory however many
 * changes there are. Thread-safe.
 */
public final class ChangedRanges {
  /** With more ranges the gaps between them are not worth remembering. */
  private static final int MOST = 4096;

  private final NavigableMap<Long, Long> endByStart = new TreeMap<>();

  /**
   * @param from first byte that may change
   * @param to the byte after the last one; {@link Long#MAX_VALUE} for all that follow
   */
  public synchronized void add(long from, long to) {
    if (from >= to) {
      return;
    }
    long start = from;
    long end = to;
    Map.Entry<Long, Long> before = endByStart.floorEntry(start);
    if (before != null && before.getValue() >= start) {
      start = before.getKey();
      end = Math.max(end, before.getValue());
    }
    Map.Entry<Long, Long> next = endByStart.ceilingEntry(start);
    while (next != null && next.getKey() <= end) {
      end = Math.max(end, next.getValue());
      endByStart.remove(next.getKey());
      next = endByStart.ceilingEntry(start);
    }
    endByStart.put(start, end);
    if (endByStart.size() > MOST) {
      long last = endByStart.lastEntry().getValue();
      long first = endByStart.firstKey();
      endByStart.clear();
      endByStart.put(first, last);
    }
  }

  /** First byte at or after this one that may have changed; {@link Long#MAX_VALUE} for none. */
  synchronized long firstFrom(long position) {
    Map.Entry<Long, Long> before = endByStart.floorEntry(position);
    if (before != null && before.getValue() > position) {
      return position;
    }
    Long next = endByStart.ceilingKey(position);
    return next == null ? Long.MAX_VALUE : next;
  }
}
