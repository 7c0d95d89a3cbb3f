package dev.concert.gateway.eventlog;

import dev.concert.protocol.EventRecordCodec;
import dev.concert.protocol.ServerProtocol;
import dev.concert.protocol.SessionEvent;
import java.util.ArrayList;
import java.util.List;

/** Joins neighbouring pieces of one text, so that a thousand deltas are stored as a few rows. */
final class EventMerger {
  /** A merged text stays below this many characters, so that no piece of a replay is large. */
  static final int MAX_TEXT = 16 * 1024;

  private EventMerger() {}

  /** The rows for these events of one session, which are in order and without holes. */
  static List<StoredEvent> merge(List<SessionEvent> events) {
    List<StoredEvent> rows = new ArrayList<>();
    List<SessionEvent> run = new ArrayList<>();
    int length = 0;
    for (SessionEvent event : events) {
      int size = MergeableText.of(event.event()).map(String::length).orElse(MAX_TEXT);
      boolean joins =
          !run.isEmpty()
              && length + size <= MAX_TEXT
              && MergeableText.continues(run.getLast(), event);
      if (!joins && !run.isEmpty()) {
        rows.add(row(run));
        run.clear();
        length = 0;
      }
      run.add(event);
      length += size;
    }
    if (!run.isEmpty()) {
      rows.add(row(run));
    }
    return rows;
  }

  private static StoredEvent row(List<SessionEvent> run) {
    SessionEvent last = run.getLast();
    if (run.size() == 1) {
      return stored(last, null);
    }
    StringBuilder text = new StringBuilder();
    StringBuilder parts = new StringBuilder();
    for (SessionEvent part : run) {
      String piece = MergeableText.of(part.event()).orElseThrow();
      text.append(piece);
      parts.append(parts.isEmpty() ? "" : ",").append(piece.length());
    }
    SessionEvent merged =
        new SessionEvent(
            last.sessionId(),
            last.seq(),
            run.getFirst().firstSeq(),
            last.ts(),
            last.turnId(),
            MergeableText.with(last.event(), text.toString()));
    return stored(merged, parts.toString());
  }

  private static StoredEvent stored(SessionEvent event, String parts) {
    return new StoredEvent(
        event.seq(),
        event.firstSeq(),
        event.ts(),
        event.turnId(),
        ServerProtocol.row(event.event()).type(),
        EventRecordCodec.FORMAT,
        EventRecordCodec.encode(event),
        parts);
  }
}
