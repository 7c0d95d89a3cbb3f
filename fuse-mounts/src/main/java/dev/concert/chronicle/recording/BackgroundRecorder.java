package dev.concert.chronicle.recording;

import dev.concert.chronicle.content.Content;
import dev.concert.chronicle.content.ContentStore;
import dev.concert.chronicle.iteration.Entry;
import dev.concert.chronicle.iteration.Journal;
import dev.concert.chronicle.iteration.Kind;
import dev.concert.chronicle.iteration.Signature;
import dev.concert.chronicle.tree.OpenContent;
import dev.concert.chronicle.tree.TreeView;
import dev.concert.chronicle.tree.TreeView.EscapeException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Promises content in the journal and stores it later.
 *
 * <p>When {@link #written} returns the promise is durable; hashing, compressing and the iteration
 * follow in the background. The content is read from the file itself, so who wants to change it
 * says so before ({@link #changing}, {@link #settle}) and waits until it is stored, or stores it
 * himself when no worker has come to it. What cannot be stored stays promised, in the journal too,
 * and is tried again. Small matters (symlinks, empty files), files that could not be opened again,
 * and what comes when too much is waiting are recorded at once. Thread-safe.
 */
public final class BackgroundRecorder implements Recorder, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(BackgroundRecorder.class);
  private static final Duration RETRY = Duration.ofSeconds(1);
  private static final int OWNER_READS = 0400;

  private final TreeView tree;
  private final ContentStore store;
  private final Journal journal;
  private final RecordingWorkers workers;
  private final Recorder atOnce;
  private final Orders orders = new Orders();
  private final AtomicBoolean complained = new AtomicBoolean();
  private volatile boolean closed;

  public BackgroundRecorder(
      TreeView tree, ContentStore store, Journal journal, RecordingWorkers workers) {
    this.tree = tree;
    this.store = store;
    this.journal = journal;
    this.workers = workers;
    this.atOnce = new SynchronousRecorder(store, journal);
  }

  /** Takes up what a process left promised. */
  public void resume() {
    journal
        .history()
        .promised()
        .forEach(
            (path, inode) -> {
              Order order = new Order(path, inode);
              orders.add(order).ifPresent(this::complete);
              workers.run(() -> tryToComplete(order));
            });
  }

  @Override
  public void written(String path, Kind kind, int mode, Signature signature, Content content) {
    settle(path);
    if (kind == Kind.FILE
        && signature.size() > 0
        && (mode & OWNER_READS) != 0
        && workers.hasRoom()) {
      promise(path, mode, signature);
    } else {
      atOnce.written(path, kind, mode, signature, content);
    }
  }

  private void promise(String path, int mode, Signature signature) {
    Order order = new Order(path, signature.inode());
    order.hold(
        () -> {
          // Found from now on, so that a change waits until the promise is made.
          orders.add(order).ifPresent(this::complete);
          try {
            journal.enter(new Entry.Promised(path, mode, signature));
          } catch (RuntimeException failure) {
            orders.remove(order);
            throw failure;
          }
        });
    workers.run(() -> tryToComplete(order));
  }

  private void tryToComplete(Order order) {
    if (closed) {
      return;
    }
    try {
      complete(order);
    } catch (RuntimeException failure) {
      if (complained.compareAndSet(false, true)) {
        LOG.error(
            "{} cannot be stored; it stays promised and is tried again", order.path(), failure);
      }
      workers.runLater(RETRY, () -> tryToComplete(order));
    }
  }

  private void complete(Order order) {
    order.complete(
        () -> {
          if (!closed) {
            keep(order.path());
          }
          orders.remove(order);
        });
    complained.set(false);
  }

  private void keep(String path) {
    Optional<OpenContent> found = open(path);
    if (found.isEmpty()) {
      journal.enter(new Entry.Withdrawn(path));
      return;
    }
    try (OpenContent file = found.get()) {
      journal.enter(new Entry.Kept(path, store.put(file.content())));
    }
  }

  private Optional<OpenContent> open(String path) {
    try {
      return tree.open(path);
    } catch (EscapeException replaced) {
      return Optional.empty();
    }
  }

  @Override
  public void changing(long inode) {
    orders.of(inode).ifPresent(this::complete);
  }

  @Override
  public void settle(String path) {
    orders.below(path).forEach(this::complete);
  }

  /**
   * Waits, at most this long, until what was reported before of a path and what is below it is an
   * iteration, or could not become one yet.
   */
  public void await(String path, Duration patience) {
    long deadline = System.nanoTime() + patience.toNanos();
    List.copyOf(orders.below(path)).forEach(order -> order.await(deadline));
  }

  /** Whether something could not be stored and is still to be. */
  public boolean isFailing() {
    return orders.below("").stream().anyMatch(Order::isFailed);
  }

  @Override
  public void modeChanged(String path, int mode) {
    atOnce.modeChanged(path, mode);
  }

  @Override
  public void removed(String path) {
    atOnce.removed(path);
  }

  @Override
  public void renamed(String from, String to) {
    atOnce.renamed(from, to);
  }

  /** Stores what is outstanding; what cannot be stored stays promised in the journal. */
  @Override
  public void close() {
    for (Order order : orders.below("")) {
      try {
        complete(order);
      } catch (RuntimeException failure) {
        LOG.warn("{} stays promised until the workspace is opened again", order.path(), failure);
      }
    }
    closed = true;
  }
}
