package dev.concert.platform.server;

/**
 * Closes something once: by {@link #close}, or when the process ends by SIGTERM, Ctrl-C or a closed
 * terminal. Without it the mounts of an embedded server would outlive the server.
 */
public final class StopAtExit implements AutoCloseable {
  private final Runnable work;
  private boolean done;

  private StopAtExit(Runnable work) {
    this.work = work;
  }

  /**
   * @param work runs once; a second caller waits until it is done
   */
  public static StopAtExit of(Runnable work) {
    StopAtExit stop = new StopAtExit(work);
    Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().name("stop").unstarted(stop::close));
    return stop;
  }

  @Override
  public synchronized void close() {
    if (!done) {
      done = true;
      work.run();
    }
  }
}
