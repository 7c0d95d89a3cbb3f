package dev.concert.gateway.eventlog;

import dev.concert.protocol.EventCodec;
import dev.concert.protocol.SessionEvent;
import java.util.Arrays;

/**
 * One row of a session's event table: one event, or several parts of one text merged.
 *
 * @param seq number of the last part
 * @param firstSeq number of the first part
 * @param json the event as it goes over the wire
 * @param parts lengths of the parts' texts in characters, separated by commas; null for a whole
 *     event
 */
public record StoredEvent(
    long seq, long firstSeq, long ts, String turnId, String type, String json, String parts) {

  /** What of this row a client lacks that has everything up to {@code afterSeq}, as wire JSON. */
  String after(long afterSeq) {
    if (afterSeq < firstSeq || parts == null) {
      return json;
    }
    SessionEvent whole = EventCodec.decodeSessionEvent(json);
    int known =
        Arrays.stream(parts.split(","))
            .limit(afterSeq - firstSeq + 1)
            .mapToInt(Integer::parseInt)
            .sum();
    String rest = MergeableText.of(whole.event()).orElseThrow().substring(known);
    return EventCodec.encode(
        new SessionEvent(
            whole.sessionId(),
            seq,
            afterSeq + 1,
            ts,
            turnId,
            MergeableText.with(whole.event(), rest)));
  }
}
