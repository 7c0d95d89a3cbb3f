package dev.concert.chronicle.replication.exchange;

import dev.concert.chronicle.replication.wire.WireChannel;
import java.time.Duration;
import java.util.function.BooleanSupplier;

/** Closes a connection whose other side neither speaks nor listens. */
public final class Watchdog {
  private Watchdog() {}

  /** Watches on a virtual thread as long as the connection is open. */
  public static void watch(WireChannel channel, Duration timeout, BooleanSupplier isOpen) {
    long pause = Math.max(1, timeout.toMillis() / 10);
    Thread.ofVirtual()
        .name("sync-watchdog")
        .start(
            () -> {
              while (isOpen.getAsBoolean()) {
                if (channel.waiting().compareTo(timeout) > 0) {
                  channel.close();
                  return;
                }
                try {
                  Thread.sleep(pause);
                } catch (InterruptedException e) {
                  return;
                }
              }
            });
  }
}
