package dev.concert.gateway.eventlog;

import dev.concert.gateway.connection.Client;
import dev.concert.gateway.connection.Origin;
import dev.concert.protocol.EventCodec;
import dev.concert.protocol.ServerEvent;
import dev.concert.protocol.SessionEvent;
import io.vertx.core.AsyncResult;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A session's events: gives each its number, has it written, then shows it to everybody who joined.
 *
 * <p>The latest events stay in memory until they are in the session's own database, so a reader
 * finds every event in exactly one of the two places. Used on the session's context only.
 */
public final class SessionLog {
  private static final Logger LOG = LoggerFactory.getLogger(SessionLog.class);

  /** Memory holds at most about this many events before they are moved to the database. */
  private static final int MAX_TAIL = 64;

  private static final int MAX_TAIL_CHARS = 1 << 20;

  private final String sessionId;
  private final Context context;
  private final EventJournal journal;
  private final StorePool stores;
  private final Runnable onFailure;
  private final Map<Client, Subscription> subscriptions = new HashMap<>();

  /**
   * Without their JSON, which is larger: of a thousand sessions this is what the heap is full of.
   */
  private final Deque<SessionEvent> tail = new ArrayDeque<>();

  private final Deque<Waiting> waiting = new ArrayDeque<>();
  private JournalStream stream;
  private long nextSeq;
  private long committedSeq;
  private long lastTs;
  private long tailChars;
  private Optional<Future<Void>> moving = Optional.empty();
  private List<LogEntry> group;

  /**
   * @param lastSeq number of the latest event in the session's database
   * @param onFailure called when events could not be written; they are gone, and no one saw them
   */
  public SessionLog(
      String sessionId,
      long lastSeq,
      Context context,
      EventJournal journal,
      StorePool stores,
      Runnable onFailure) {
    this.sessionId = sessionId;
    this.context = context;
    this.journal = journal;
    this.stores = stores;
    this.onFailure = onFailure;
    this.nextSeq = lastSeq + 1;
    this.committedSeq = lastSeq;
    this.stream = newStream();
  }

  private JournalStream newStream() {
    return new JournalStream(context, this::committed, this::failed);
  }

  /** Number of the latest event that is written and was shown. */
  public long lastSeq() {
    return committedSeq;
  }

  /** When the latest event was appended, Unix ms; 0 before the first. */
  public long lastTs() {
    return lastTs;
  }

  public boolean hasSubscribers() {
    return !subscriptions.isEmpty();
  }

  /** Whether everything is in the session's database, so that this object may be dropped. */
  public boolean settled() {
    return tail.isEmpty() && nextSeq == committedSeq + 1;
  }

  /** Appends an event. {@code turnId} is null outside a turn. */
  public SessionEvent append(String turnId, ServerEvent event) {
    return append(turnId, event, Optional.empty());
  }

  /** Appends an event whose wire form echoes the request that led to it, for its sender. */
  public SessionEvent append(String turnId, ServerEvent event, Optional<Origin> origin) {
    lastTs = Math.max(lastTs, System.currentTimeMillis());
    SessionEvent placed = new SessionEvent(sessionId, nextSeq++, lastTs, turnId, event);
    LogEntry entry = new LogEntry(placed, EventCodec.encode(placed), origin);
    if (group != null) {
      group.add(entry);
    } else {
      journal.append(stream, List.of(entry));
    }
    return placed;
  }

  /** Runs work whose events shall be written together: all of them, or none. */
  public void together(Runnable work) {
    if (group != null) {
      work.run();
      return;
    }
    group = new ArrayList<>();
    try {
      work.run();
    } finally {
      List<LogEntry> entries = group;
      group = null;
      if (!entries.isEmpty()) {
        journal.append(stream, entries);
      }
    }
  }

  /** Completes once everything appended so far is written; fails when it could not be. */
  public Future<Void> written() {
    if (committedSeq + 1 == nextSeq) {
      return Future.succeededFuture();
    }
    Promise<Void> promise = Promise.promise();
    waiting.addLast(new Waiting(nextSeq - 1, promise));
    return promise.future();
  }

  private record Waiting(long seq, Promise<Void> promise) {}

  private void committed(List<LogEntry> entries) {
    for (LogEntry entry : entries) {
      committedSeq = entry.event().seq();
      tail.addLast(entry.event());
      tailChars += entry.json().length();
      show(entry);
    }
    while (!waiting.isEmpty() && waiting.getFirst().seq() <= committedSeq) {
      waiting.removeFirst().promise().complete();
    }
    if (moving.isEmpty() && (tail.size() > MAX_TAIL || tailChars > MAX_TAIL_CHARS)) {
      move();
    }
  }

  private void show(LogEntry entry) {
    subscriptions.values().forEach(subscription -> subscription.offer(entry));
    entry
        .origin()
        .filter(origin -> !subscriptions.containsKey(origin.client()))
        .ifPresent(
            origin -> origin.client().send(EventCodec.encode(entry.event(), origin.requestId())));
  }

  private void failed() {
    nextSeq = committedSeq + 1;
    List<Waiting> disappointed = List.copyOf(waiting);
    waiting.clear();
    disappointed.forEach(one -> one.promise().fail("Events could not be written"));
    stream = newStream();
    onFailure.run();
  }

  /**
   * From now on the client gets every event after {@code afterSeq}: first what was, then what
   * comes.
   */
  public void subscribe(Client client, long afterSeq) {
    unsubscribe(client);
    Subscription subscription =
        new Subscription(this, context, client, Math.min(afterSeq, committedSeq));
    subscriptions.put(client, subscription);
    subscription.catchUp();
  }

  public void unsubscribe(Client client) {
    Subscription subscription = subscriptions.remove(client);
    if (subscription != null) {
      subscription.end();
    }
  }

  /** Every client that joined. */
  public List<Client> subscribers() {
    return List.copyOf(subscriptions.keySet());
  }

  /** Written events after {@code afterSeq}, oldest first, at most {@code limit} pieces. */
  public Future<List<Piece>> read(long afterSeq, int limit) {
    List<Piece> recent =
        tail.stream()
            .filter(event -> event.seq() > afterSeq)
            .limit(limit)
            .map(event -> new Piece(event.seq(), EventCodec.encode(event)))
            .toList();
    long firstInTail = tail.isEmpty() ? committedSeq + 1 : tail.getFirst().seq();
    if (afterSeq + 1 >= firstInTail) {
      return Future.succeededFuture(recent);
    }
    return stores
        .with(sessionId, store -> store.events(afterSeq, firstInTail, limit))
        .map(
            stored -> {
              List<Piece> all = new ArrayList<>(stored);
              recent.stream().limit((long) limit - stored.size()).forEach(all::add);
              return all;
            });
  }

  /** Writes everything appended so far and moves it to the session's database. */
  public Future<Void> settle() {
    return written().compose(_ -> move());
  }

  /** Moves what is written but still in memory to the session's database. */
  public Future<Void> move() {
    if (moving.isPresent()) {
      return moving.get().transform(_ -> move());
    }
    if (tail.isEmpty()) {
      return Future.succeededFuture();
    }
    List<SessionEvent> events = List.copyOf(tail);
    long chars = tailChars;
    // Completed here, after the tail was cut: the store's own future is complete on its thread
    // first.
    Promise<Void> move = Promise.promise();
    moving = Optional.of(move.future());
    stores
        .<Void>with(
            sessionId,
            store -> {
              store.append(events);
              return null;
            })
        .onComplete(
            done -> {
              moved(events.getLast().seq(), chars, done);
              move.handle(done);
            });
    return move.future();
  }

  private void moved(long upTo, long chars, AsyncResult<Void> done) {
    moving = Optional.empty();
    if (done.failed()) {
      LOG.error("Events of session {} stay in the journal", sessionId, done.cause());
      return;
    }
    tailChars -= chars;
    while (!tail.isEmpty() && tail.getFirst().seq() <= upTo) {
      tail.removeFirst();
    }
    journal.forget(sessionId, upTo);
  }
}
