package dev.concert.chronicle.replication.replica;

import dev.concert.chronicle.replication.wire.WireMessage;
import dev.concert.chronicle.replication.wire.WireMessage.Notification;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * What the replica's thread has to do next.
 *
 * <p>Whoever delivers messages waits while too many are there, and with that the master. Except
 * while the replica's thread waits for a content: that comes behind messages which were sent
 * before, so these are taken whatever their number, up to a limit that a well-behaved master does
 * not reach.
 */
final class BoundedWorkQueue {
  /** Messages over this number let the connection wait. */
  private static final int MANY = 2000;

  private static final int TOO_MANY = 500_000;

  private record Task(Optional<WireMessage> message, Runnable work) {}

  private final Deque<Task> tasks = new ArrayDeque<>();
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private boolean fetching;
  private boolean ended;

  void put(Runnable work) {
    lock.lock();
    try {
      tasks.add(new Task(Optional.empty(), work));
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /**
   * Waits for room.
   *
   * @throws IllegalStateException where the other side sent more than anybody may
   */
  void deliver(WireMessage message, Runnable work) throws InterruptedException {
    lock.lock();
    try {
      while (tasks.size() >= MANY && !fetching && !ended) {
        changed.await();
      }
      if (tasks.size() >= TOO_MANY) {
        throw new IllegalStateException("The master sent more than it was asked for");
      }
      tasks.add(new Task(Optional.of(message), work));
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** The next work; empty if there is none for so long. */
  Optional<Runnable> take(Duration timeout) throws InterruptedException {
    lock.lock();
    try {
      long left = timeout.toNanos();
      while (tasks.isEmpty() && left > 0) {
        left = changed.awaitNanos(left);
      }
      Optional<Runnable> next = Optional.ofNullable(tasks.poll()).map(Task::work);
      changed.signalAll();
      return next;
    } finally {
      lock.unlock();
    }
  }

  /** Said by the replica's thread before and after it waits for a content. */
  void fetching(boolean begins) {
    lock.lock();
    try {
      fetching = begins;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Ends the queue: no thread takes work any more, and none waits for room. */
  void end() {
    lock.lock();
    try {
      ended = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Notifications that are next. */
  List<Notification> upcoming(int limit) {
    lock.lock();
    try {
      List<Notification> next = new ArrayList<>();
      for (Task task : tasks) {
        if (next.size() == limit) {
          break;
        }
        if (task.message().orElse(null) instanceof Notification notification) {
          next.add(notification);
        }
      }
      return next;
    } finally {
      lock.unlock();
    }
  }
}
