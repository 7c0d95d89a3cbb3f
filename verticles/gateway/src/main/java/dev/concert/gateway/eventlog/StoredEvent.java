package dev.concert.gateway.eventlog;

import dev.concert.protocol.EventRecordCodec;
import dev.concert.protocol.SessionEvent;
import java.util.Arrays;

/**
 * One row of a session's event table: one event, or several parts of one text merged.
 *
 * @param seq number of the last part
 * @param firstSeq number of the first part
 * @param format of {@code record}: {@link EventRecordCodec}
 * @param record the event as it is stored
 * @param parts lengths of the parts' texts in characters, separated by commas; null for a whole
 *     event
 */
record StoredEvent(
    long seq,
    long firstSeq,
    long ts,
    String turnId,
    String type,
    int format,
    String record,
    String parts) {

  /** What of this row a reader lacks that has everything up to {@code afterSeq}. */
  SessionEvent after(String sessionId, long afterSeq) {
    SessionEvent whole = EventRecordCodec.decode(format, sessionId, seq, record);
    if (afterSeq < firstSeq || parts == null) {
      return whole;
    }
    int known =
        Arrays.stream(parts.split(","))
            .limit(afterSeq - firstSeq + 1)
            .mapToInt(Integer::parseInt)
            .sum();
    String rest = MergeableText.of(whole.event()).orElseThrow().substring(known);
    return new SessionEvent(
        sessionId, seq, afterSeq + 1, ts, turnId, MergeableText.with(whole.event(), rest));
  }
}
