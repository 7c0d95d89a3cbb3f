package dev.concert.chronicle.replication.master;

import dev.concert.chronicle.iteration.Iteration;
import dev.concert.chronicle.iteration.Snapshot;
import dev.concert.chronicle.replication.wire.WireChannel;
import dev.concert.chronicle.replication.wire.WireException;
import dev.concert.chronicle.replication.wire.WireMessage.BarrierConfirmation;
import dev.concert.chronicle.replication.wire.WireMessage.FullResyncRequired;
import dev.concert.chronicle.replication.wire.WireMessage.Heartbeat;
import dev.concert.chronicle.replication.wire.WireMessage.Notification;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Sends the changes of the workspace to one replica, page by page from the journal, at the
 * replica's pace. One thread runs it; others wake it.
 */
final class ChangeFeed {
  private static final int PAGE = 256;
  private static final int MANY_BARRIERS = 16;
  private static final Duration BARRIER = Duration.ofSeconds(10);

  private record Barrier(long sequence, long deadline) {}

  private final WireChannel channel;
  private final MasterWorkspace workspace;
  private final MasterOptions options;
  private final NotificationMapper notifying;
  private final FetchGrants offered;
  private final FolderNotifications folders;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final List<Barrier> barriers = new ArrayList<>();
  private Optional<Long> wanted = Optional.empty();
  private boolean news;
  private boolean ended;
  private long cursor;

  ChangeFeed(
      WireChannel channel,
      MasterWorkspace workspace,
      MasterOptions options,
      FetchGrants offered,
      FolderNotifications folders) {
    this.channel = channel;
    this.workspace = workspace;
    this.options = options;
    this.notifying = new NotificationMapper(workspace);
    this.offered = offered;
    this.folders = folders;
  }

  /** The replica wants everything after a sequence. */
  void catchUp(long since) {
    locked(() -> wanted = Optional.of(since));
  }

  void advanced() {
    locked(() -> news = true);
  }

  /** Answers when there is nothing more to tell. */
  void barrier(long sequence) throws WireException {
    if (barriersOpen() >= MANY_BARRIERS) {
      throw new WireException("too many barriers at a time");
    }
    locked(() -> barriers.add(new Barrier(sequence, System.nanoTime() + BARRIER.toNanos())));
  }

  private int barriersOpen() {
    lock.lock();
    try {
      return barriers.size();
    } finally {
      lock.unlock();
    }
  }

  void end() {
    locked(() -> ended = true);
  }

  private void locked(Runnable change) {
    lock.lock();
    try {
      change.run();
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Runs until {@link #end}, or until nothing can be sent to the replica any more. */
  void run() throws IOException, InterruptedException {
    Optional<Long> since = awaitFirstWish();
    if (since.isEmpty()) {
      return;
    }
    while (since.isPresent() || !hasEnded()) {
      if (since.isPresent()) {
        begin(since.get());
      }
      if (since.isPresent() || takeNews()) {
        tell(since.isPresent() || barriersOpen() > 0);
      } else {
        folders(true);
        heartbeat(cursor);
      }
      confirm();
      since = awaitWish(options.heartbeat());
    }
  }

  private Optional<Long> awaitFirstWish() throws InterruptedException {
    long end = System.nanoTime() + options.timeout().toNanos();
    Optional<Long> since = Optional.empty();
    while (since.isEmpty() && !hasEnded() && System.nanoTime() - end < 0) {
      since = awaitWish(Duration.ofSeconds(1));
      takeNews();
    }
    return since;
  }

  /** A workspace without news is not asked: it may be closed, and opening it is not for free. */
  private boolean takeNews() {
    lock.lock();
    try {
      boolean taken = news || !barriers.isEmpty();
      news = false;
      return taken;
    } finally {
      lock.unlock();
    }
  }

  private boolean hasEnded() {
    lock.lock();
    try {
      return ended;
    } finally {
      lock.unlock();
    }
  }

  /** Waits until there is something to do; answers with what the replica wants to catch up with. */
  private Optional<Long> awaitWish(Duration timeout) throws InterruptedException {
    lock.lock();
    try {
      long left = timeout.toNanos();
      while (!ended && wanted.isEmpty() && !news && left > 0) {
        left = Math.min(left, changed.awaitNanos(shortened(left)));
        if (!barriers.isEmpty()) {
          break;
        }
      }
      Optional<Long> wish = ended ? Optional.empty() : wanted;
      wanted = Optional.empty();
      return wish;
    } finally {
      lock.unlock();
    }
  }

  /** An open barrier is looked at more often than a heartbeat is due. */
  private long shortened(long left) {
    return barriers.isEmpty() ? left : Math.min(left, TimeUnit.MILLISECONDS.toNanos(100));
  }

  private void begin(long since) throws IOException {
    long latest = workspace.latest();
    if (since > latest || since < 0) {
      resync("ahead");
    } else if (since == 0 && latest > 0) {
      resync("fresh");
    } else if (latest - since > options.gapLimit()) {
      resync("gap");
    } else {
      cursor = since;
    }
  }

  /**
   * Everything after the cursor, then a heartbeat.
   *
   * @param wanted whether the replica waits for it
   */
  private void tell(boolean wanted) throws IOException {
    // A folder that stays when its last file goes is sent before that deletion.
    folders(false);
    long latest = workspace.latest();
    while (cursor < latest && !hasEnded()) {
      if (latest - cursor > options.gapLimit()) {
        resync("gap");
      } else {
        page();
      }
      latest = workspace.latest();
      if (cursor < latest) {
        heartbeat(latest);
      }
    }
    folders(wanted);
    heartbeat(latest);
  }

  private void folders(boolean now) throws IOException {
    folders.tell(cursor, now, channel::send);
  }

  private void page() throws IOException {
    List<Iteration> page = workspace.since(cursor, PAGE);
    for (Iteration iteration : page) {
      if (iteration.sequence() != cursor + 1) {
        resync("thinned");
        return;
      }
      for (Notification notification : notifying.of(iteration)) {
        send(notification);
      }
      cursor = iteration.sequence();
    }
    if (page.isEmpty()) {
      resync("thinned");
    }
  }

  private void resync(String reason) throws IOException {
    Snapshot snapshot = workspace.snapshot();
    channel.send(new FullResyncRequired(reason, snapshot.sequence()));
    for (Iteration iteration : snapshot.live()) {
      send(notifying.written(iteration, snapshot.sequence(), reason.equals("fresh")));
    }
    cursor = snapshot.sequence();
    // Every folder is sent before the first heartbeat.
    folders(true);
    heartbeat(cursor);
  }

  private void send(Notification notification) throws IOException {
    if (!notification.isDeletion() && notification.inlineContent().isEmpty()) {
      offered.offer(notification.sequence(), notification.contentHash(), notification.size());
    }
    channel.send(notification);
  }

  private void heartbeat(long latest) throws IOException {
    channel.send(new Heartbeat(cursor, latest));
  }

  private void confirm() throws IOException {
    List<BarrierConfirmation> answers = new ArrayList<>();
    lock.lock();
    try {
      for (Iterator<Barrier> open = barriers.iterator(); open.hasNext(); ) {
        Barrier barrier = open.next();
        boolean satisfied = cursor >= barrier.sequence();
        if (satisfied || System.nanoTime() - barrier.deadline() > 0) {
          answers.add(new BarrierConfirmation(satisfied, cursor));
          open.remove();
        }
      }
    } finally {
      lock.unlock();
    }
    for (BarrierConfirmation answer : answers) {
      channel.send(answer);
    }
  }
}
