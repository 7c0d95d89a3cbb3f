package dev.concert.gateway.eventlog;

import dev.concert.error.DiskFailure;
import dev.concert.error.ErrorCode;
import dev.concert.error.Problem;
import dev.concert.protocol.EventRecordCodec;
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
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A session's events: gives each its number, has it written, then shows it to every subscriber.
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
  private final SessionDatabases databases;
  private final Consumer<Problem> onFailure;
  private final Map<EventSubscriber, Subscription> subscriptions = new HashMap<>();

  /** Without their JSON, which is larger: with a thousand sessions these fill the heap. */
  private final Deque<SessionEvent> tail = new ArrayDeque<>();

  /** Pages that are being read for a subscriber, by the number of the event before them. */
  private final Map<Long, Future<List<EventViews>>> reading = new HashMap<>();

  /** Callers that wait until the event of this number is written. */
  private final NavigableMap<Long, List<Promise<Void>>> waiting = new TreeMap<>();

  private JournalStream stream;
  private long nextSeq;
  private long committedSeq;
  private long lastTs;
  private long tailChars;
  private Optional<Future<Void>> moving = Optional.empty();
  private List<LogEntry> group;
  private boolean deleted;

  /**
   * @param lastSeq number of the latest event in the session's database
   * @param onFailure called with the reason when events could not be written; they are gone, and no
   *     one saw them
   */
  public SessionLog(
      String sessionId,
      long lastSeq,
      Context context,
      EventJournal journal,
      SessionDatabases databases,
      Consumer<Problem> onFailure) {
    this.sessionId = sessionId;
    this.context = context;
    this.journal = journal;
    this.databases = databases;
    this.onFailure = onFailure;
    this.nextSeq = lastSeq + 1;
    this.committedSeq = lastSeq;
    this.stream = newStream();
  }

  private JournalStream newStream() {
    return new JournalStream(context, this::committed, this::failed);
  }

  public String sessionId() {
    return sessionId;
  }

  /** Number of the latest event that is written and was shown. */
  public long lastSeq() {
    return committedSeq;
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
    lastTs = Math.max(lastTs, System.currentTimeMillis());
    long seq = nextSeq++;
    LogEntry entry = entry(seq, turnId, event);
    if (entry.record().length() > EventShortener.MAX_RECORD) {
      entry = entry(seq, turnId, EventShortener.shorten(event));
    }
    if (group != null) {
      group.add(entry);
    } else {
      journal.append(stream, List.of(entry));
    }
    return entry.event();
  }

  private LogEntry entry(long seq, String turnId, ServerEvent event) {
    SessionEvent placed = new SessionEvent(sessionId, seq, lastTs, turnId, event);
    return new LogEntry(placed, EventRecordCodec.encode(placed));
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

  /**
   * Completes once everything appended so far is written, before a subscriber gets it; fails when
   * it could not be written.
   */
  public Future<Void> written() {
    return written(nextSeq - 1);
  }

  /**
   * This event, once it is written, before a subscriber gets it; fails when it could not be
   * written. Events that were appended after it may be written later.
   */
  public Future<SessionEvent> written(SessionEvent placed) {
    return written(placed.seq()).map(placed);
  }

  private Future<Void> written(long seq) {
    if (seq <= committedSeq) {
      return Future.succeededFuture();
    }
    Promise<Void> promise = Promise.promise();
    waiting.computeIfAbsent(seq, _ -> new ArrayList<>()).add(promise);
    return promise.future();
  }

  private void committed(List<LogEntry> entries) {
    for (LogEntry entry : entries) {
      committedSeq = entry.event().seq();
      tail.addLast(entry.event());
      tailChars += entry.record().length();
    }
    // Callers that wait for their own event come first: their subscriber then knows the reply.
    while (!waiting.isEmpty() && waiting.firstKey() <= committedSeq) {
      waiting.pollFirstEntry().getValue().forEach(Promise::complete);
    }
    for (LogEntry entry : entries) {
      EventViews views = new EventViews(entry.event());
      subscriptions.values().forEach(subscription -> subscription.offer(views));
    }
    if (moving.isEmpty() && (tail.size() > MAX_TAIL || tailChars > MAX_TAIL_CHARS)) {
      move();
    }
  }

  private void failed(Throwable why) {
    nextSeq = committedSeq + 1;
    List<Promise<Void>> lost = waiting.values().stream().flatMap(List::stream).toList();
    waiting.clear();
    Problem problem =
        DiskFailure.isOne(why)
            ? Problem.of(why)
            : new Problem(ErrorCode.INTERNAL, "The session's events could not be stored.");
    lost.forEach(one -> one.fail(problem.toException()));
    stream = newStream();
    onFailure.accept(problem);
  }

  /**
   * From now on the subscriber gets every event after {@code afterSeq}: first the stored ones, then
   * each new one. If the session is already deleted, the subscriber is told at once.
   */
  public void subscribe(EventSubscriber subscriber, long afterSeq) {
    unsubscribe(subscriber);
    if (deleted) {
      subscriber.sessionDeleted();
      return;
    }
    Subscription subscription =
        new Subscription(this, context, subscriber, Math.min(afterSeq, committedSeq));
    subscriptions.put(subscriber, subscription);
    subscription.catchUp();
  }

  public void unsubscribe(EventSubscriber subscriber) {
    Subscription subscription = subscriptions.remove(subscriber);
    if (subscription != null) {
      subscription.end();
    }
  }

  /** Ends all subscriptions. Later subscribers are told of the deletion at once. */
  public void sessionDeleted() {
    deleted = true;
    for (EventSubscriber subscriber : subscribers()) {
      unsubscribe(subscriber);
      subscriber.sessionDeleted();
    }
  }

  public List<EventSubscriber> subscribers() {
    return List.copyOf(subscriptions.keySet());
  }

  /**
   * Written events after {@code afterSeq}, oldest first, at most {@code limit}, and fewer when they
   * are large; at least one where there is one. Pieces of one text may be merged.
   */
  public Future<List<SessionEvent>> read(long afterSeq, int limit) {
    List<SessionEvent> recent =
        tail.stream().filter(event -> event.seq() > afterSeq).limit(limit).toList();
    long firstInTail = tail.isEmpty() ? committedSeq + 1 : tail.getFirst().seq();
    if (afterSeq >= firstInTail - 1) {
      return Future.succeededFuture(recent);
    }
    return databases
        .with(sessionId, store -> store.events(afterSeq, firstInTail, limit))
        .map(
            stored -> {
              if (stored.getLast().seq() + 1 < firstInTail) {
                return stored;
              }
              List<SessionEvent> all = new ArrayList<>(stored);
              recent.stream().limit((long) limit - stored.size()).forEach(all::add);
              return all;
            });
  }

  /**
   * The same for subscribers. Those that ask for a page while it is being read share it, and what
   * is made of it: when thousands of clients reconnect at once, the page is read a few times only.
   */
  Future<List<EventViews>> readShared(long afterSeq, int limit) {
    Future<List<EventViews>> begun = reading.get(afterSeq);
    if (begun != null) {
      return begun.compose(this::inTurn);
    }
    Future<List<EventViews>> page =
        read(afterSeq, limit).map(events -> events.stream().map(EventViews::new).toList());
    if (!page.isComplete()) {
      reading.put(afterSeq, page);
      page.onComplete(_ -> reading.remove(afterSeq));
    }
    return page;
  }

  /** So that the event loop serves others between two subscribers. */
  private Future<List<EventViews>> inTurn(List<EventViews> page) {
    Promise<List<EventViews>> turn = Promise.promise();
    context.runOnContext(_ -> turn.complete(page));
    return turn.future();
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
    databases
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
      if (Problem.isDefect(done.cause())) {
        LOG.error("Events of session {} stay in the journal", sessionId, done.cause());
      }
      return;
    }
    tailChars -= chars;
    while (!tail.isEmpty() && tail.getFirst().seq() <= upTo) {
      tail.removeFirst();
    }
    journal.forget(sessionId, upTo);
  }
}
