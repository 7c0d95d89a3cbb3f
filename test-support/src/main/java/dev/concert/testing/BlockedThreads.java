package dev.concert.testing;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import java.lang.management.ManagementFactory;
import java.lang.management.OperatingSystemMXBean;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.LoggerFactory;

/**
 * Collects what Vert.x's checker reports about blocked threads, so that a test fails on it.
 *
 * <p>The checker measures elapsed time, and on a busy machine a thread also waits for a core. So
 * the time limit grows with the number of processes that wait for each core.
 */
public final class BlockedThreads extends AppenderBase<ILoggingEvent> {
  private static final Pattern TIMES =
      Pattern.compile("blocked for (\\d+) ms, time limit is (\\d+) ms");

  private final Logger source = source();
  private final List<String> reports = new CopyOnWriteArrayList<>();

  private BlockedThreads() {}

  /** While another thread asks for the first logger of a JVM there are only stand-ins. */
  private static Logger source() {
    while (!(LoggerFactory.getILoggerFactory() instanceof LoggerContext)) {
      Thread.onSpinWait();
    }
    return (Logger) LoggerFactory.getLogger("io.vertx.core.impl.BlockedThreadChecker");
  }

  /** Begins to collect reports about all event loops and workers of this JVM. */
  public static BlockedThreads watch() {
    BlockedThreads watch = new BlockedThreads();
    watch.start();
    watch.source.addAppender(watch);
    return watch;
  }

  @Override
  protected void append(ILoggingEvent event) {
    if (isBlocked(event.getFormattedMessage(), waitingForEachCore())) {
      reports.add(event.getFormattedMessage());
    }
  }

  /** Whether the thread did not run for longer than a machine this busy explains. */
  static boolean isBlocked(String report, double waitingForEachCore) {
    Matcher times = TIMES.matcher(report);
    return !times.find()
        || Long.parseLong(times.group(1))
            > Long.parseLong(times.group(2)) * Math.max(1, waitingForEachCore);
  }

  /** This log of another process without the reports that only a busy machine explains. */
  public static String withoutDelays(String log) {
    double load = waitingForEachCore();
    List<String> kept = new ArrayList<>();
    boolean inDelay = false;
    for (String line : log.lines().toList()) {
      // A long delay is reported with the stack of the thread.
      inDelay =
          TIMES.matcher(line).find()
              ? !isBlocked(line, load)
              : inDelay && (line.startsWith("\tat ") || line.contains("Thread blocked"));
      if (!inDelay) {
        kept.add(line + "\n");
      }
    }
    return String.join("", kept);
  }

  private static double waitingForEachCore() {
    OperatingSystemMXBean system = ManagementFactory.getOperatingSystemMXBean();
    return system.getSystemLoadAverage() / system.getAvailableProcessors();
  }

  boolean reported() {
    return !reports.isEmpty();
  }

  /** Stops collecting, and fails if a thread was blocked since {@link #watch}. */
  public void assertNone() {
    source.detachAppender(this);
    assertThat(reports).as("reports of blocked threads").isEmpty();
  }
}
