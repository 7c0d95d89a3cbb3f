package dev.concert.gateway.eventlog;

import dev.concert.error.Problem;
import dev.concert.gateway.connection.Client;
import dev.concert.gateway.connection.Origin;
import dev.concert.protocol.EventCodec;
import io.vertx.core.Context;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One client's place in a session's events.
 *
 * <p>It knows the number of the last event that the client was sent. While the client is behind, it
 * reads page after page from the log, each after the client has taken in the one before; once it is
 * level, it gets each event as it is written. So there is no hole and no repeat, and a client that
 * is slow to catch up holds one page in memory, not the session's history. Used on the session's
 * context only.
 */
final class Subscription {
  private static final Logger LOG = LoggerFactory.getLogger(Subscription.class);
  private static final int PAGE = 500;

  /** A page ends when it has this many characters, so that nobody is cut off for reading. */
  private static final long PAGE_CHARS = 1L << 20;

  private final SessionLog log;
  private final Context context;
  private final Client client;
  private final Map<Long, String> askedFor = new HashMap<>();
  private long sentSeq;
  private boolean live;
  private boolean ended;

  Subscription(SessionLog log, Context context, Client client, long afterSeq) {
    this.log = log;
    this.context = context;
    this.client = client;
    this.sentSeq = afterSeq;
  }

  /** A newly written event: sent now, or when the client has caught up to it. */
  void offer(LogEntry entry) {
    long seq = entry.event().seq();
    Optional<String> requestId =
        entry.origin().filter(origin -> origin.client() == client).map(Origin::requestId);
    if (live && seq > sentSeq) {
      sentSeq = seq;
      client.send(requestId.map(id -> EventCodec.encode(entry.event(), id)).orElse(entry.json()));
    } else {
      requestId.ifPresent(id -> askedFor.put(seq, id));
    }
  }

  void catchUp() {
    if (ended || client.closed()) {
      return;
    }
    if (sentSeq >= log.lastSeq()) {
      live = true;
      return;
    }
    log.read(sentSeq, PAGE)
        .onSuccess(this::send)
        .onFailure(
            failure -> {
              LOG.error("Events could not be read for a client that joined", failure);
              client.refuse(null, Problem.of(failure));
            });
  }

  private void send(List<Piece> pieces) {
    if (ended) {
      return;
    }
    long chars = 0;
    for (Piece piece : pieces) {
      if (chars > PAGE_CHARS) {
        break;
      }
      chars += piece.json().length();
      String requestId = askedFor.remove(piece.seq());
      client.send(
          requestId == null
              ? piece.json()
              : EventCodec.encode(EventCodec.decodeSessionEvent(piece.json()), requestId));
      sentSeq = piece.seq();
    }
    client.writable().onSuccess(_ -> context.runOnContext(_ -> catchUp()));
  }

  void end() {
    ended = true;
    live = false;
  }
}
