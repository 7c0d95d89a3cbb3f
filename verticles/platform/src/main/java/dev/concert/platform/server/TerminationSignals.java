package dev.concert.platform.server;

import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jline.utils.Signals;

/**
 * SIGTERM and Ctrl-C: the first one drains the server and then exits, a later one has the drain
 * wait no longer. What {@link StopAtExit} does at exit is the same for both, so that no agent and
 * no mount is left.
 */
public final class TerminationSignals {
  private final Runnable drain;
  private final Runnable cutShort;
  private final AtomicInteger received = new AtomicInteger();

  private TerminationSignals(Runnable drain, Runnable cutShort) {
    this.drain = drain;
    this.cutShort = cutShort;
  }

  /**
   * Handles the signals of this process from now on.
   *
   * @param drain blocks until the server may exit
   * @param cutShort ends a drain that runs
   */
  public static void handle(Runnable drain, Runnable cutShort) {
    TerminationSignals signals = new TerminationSignals(drain, cutShort);
    List.of("TERM", "INT").forEach(name -> Signals.register(name, signals::received));
  }

  private void received() {
    if (received.getAndIncrement() == 0) {
      Thread.ofPlatform()
          .name("drain")
          .start(
              () -> {
                drain.run();
                System.exit(0);
              });
    } else {
      cutShort.run();
    }
  }
}
