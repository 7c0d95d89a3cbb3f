package dev.concert.platform.command;

/**
 * Closes something once: in the ordinary course of things, or when the process is told to end by
 * SIGTERM, Ctrl-C or a closed terminal. Without it the mounts of an embedded server would outlive
 * their server.
 */
final class StopAtExit implements AutoCloseable {
  private final Runnable work;
  private boolean done;

  private StopAtExit(Runnable work) {
    this.work = work;
  }

  /**
   * @param work what to do; whoever comes second waits until it is done
   */
  static StopAtExit of(Runnable work) {
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
