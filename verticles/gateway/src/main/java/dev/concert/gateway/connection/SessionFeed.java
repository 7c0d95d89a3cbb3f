package dev.concert.gateway.connection;

import dev.concert.error.Problem;
import dev.concert.gateway.eventlog.EventSubscriber;
import dev.concert.gateway.projection.EventProjection;
import dev.concert.gateway.session.Session;
import dev.concert.protocol.EventCodec;
import dev.concert.protocol.SessionEvent;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Passes the events of one session on to one client that joined it. An event that answers a request
 * of this client carries the id of the request, in its place among the other events. Thread-safe.
 */
final class SessionFeed implements EventSubscriber {
  private final Client client;
  private final Session session;
  private final Map<Long, List<Reply>> replies = new HashMap<>();
  private long sentSeq;

  /** Number of the last event that the client's protocol does not have. */
  private long passedSeq;

  /** An event that answers a request and is not passed on yet. */
  private record Reply(String requestId, SessionEvent event) {
    /** Covers the events before it that the client's protocol does not have. */
    Reply from(long next) {
      return event.firstSeq() <= next ? this : new Reply(requestId, event.from(next));
    }
  }

  /**
   * @param afterSeq number of the last event that the client has
   */
  SessionFeed(Client client, Session session, long afterSeq) {
    this.client = client;
    this.session = session;
    this.sentSeq = afterSeq;
  }

  /** Begins to pass on events. */
  void start() {
    session.on(
        () -> {
          if (!client.closed() && client.sessions().has(this)) {
            session.log().subscribe(this, sent());
          }
        });
  }

  /** Passes on no more events, but answers what is still to be answered. */
  synchronized void end() {
    session.on(() -> session.log().unsubscribe(this));
    replies.values().forEach(waiting -> waiting.forEach(this::send));
    replies.clear();
  }

  Session session() {
    return session;
  }

  private synchronized long sent() {
    return sentSeq;
  }

  @Override
  public synchronized void event(SessionEvent event, String json) {
    long next = sentSeq + 1;
    sentSeq = event.seq();
    List<Reply> answers = replies.isEmpty() ? null : replies.remove(sentSeq);
    if (answers == null) {
      client.send(json);
    } else {
      answers.forEach(reply -> send(reply.from(next)));
    }
  }

  /** Who asked for an event gets it as the reply, also where the protocol does not have it. */
  @Override
  public synchronized boolean unknown(SessionEvent event) {
    passedSeq = event.seq();
    List<Reply> answers = replies.remove(event.seq());
    if (answers == null) {
      return false;
    }
    long next = sentSeq + 1;
    sentSeq = event.seq();
    answers.forEach(reply -> send(reply.from(next)));
    return true;
  }

  /** Answers a request with this event: now if it was passed on before, else with it. */
  synchronized void reply(Optional<String> requestId, SessionEvent event) {
    Reply reply = new Reply(requestId.orElse(null), event);
    if (event.seq() <= Math.max(sentSeq, passedSeq)) {
      send(reply);
    } else if (requestId.isPresent() || client.protocol().project(event).isEmpty()) {
      replies.computeIfAbsent(event.seq(), _ -> new ArrayList<>()).add(reply);
    }
  }

  private void send(Reply reply) {
    client.send(EventCodec.encode(reply.event(), reply.requestId()));
  }

  @Override
  public EventProjection projection() {
    return client.protocol();
  }

  @Override
  public Future<Void> writable() {
    return client.writable();
  }

  @Override
  public void failed(Problem problem) {
    client.refuse(Optional.empty(), problem);
  }

  @Override
  public boolean closed() {
    return client.closed();
  }
}
