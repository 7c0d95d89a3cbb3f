package dev.concert.platform.project;

import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/** A process that applies the changes of a session and waits to be killed after some of them. */
final class KilledApplication {
  private KilledApplication() {}

  /** Takes the repository, the data folder, the session and how many files to change first. */
  public static void main(String[] arguments) throws Exception {
    TestRepository user = new TestRepository(Path.of(arguments[0]), Path.of(arguments[1]));
    AtomicInteger left = new AtomicInteger(Integer.parseInt(arguments[3]));
    new ChangeJournal(user.store().applied(), _ -> stopAfter(left))
        .apply(
            user.session(arguments[2]), user.ofSession(arguments[2]), user.changes(arguments[2]));
  }

  private static void stopAfter(AtomicInteger left) {
    if (left.decrementAndGet() == 0) {
      System.out.println("waits");
      try {
        new CountDownLatch(1).await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
