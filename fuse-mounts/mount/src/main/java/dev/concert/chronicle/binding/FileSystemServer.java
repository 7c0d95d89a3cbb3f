package dev.concert.chronicle.binding;

import java.time.Duration;

/** What serves one mount: it ends when the kernel ends the mount. Thread-safe. */
public interface FileSystemServer {

  /** Waits for the end; returns whether it has come. */
  boolean awaitEnd(Duration timeout) throws InterruptedException;

  /** Whether a request is in progress. */
  boolean isBusy();

  /** Refuses all later requests. */
  void stop();

  /**
   * Ends the connection to the kernel, as far as the host allows it. Called after {@link #stop}.
   */
  void abort() throws InterruptedException;
}
