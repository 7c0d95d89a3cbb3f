package dev.concert.testing;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.slf4j.LoggerFactory;

/** Hears what Vert.x's checker says about blocked threads, so that a test fails on it. */
public final class BlockedThreads extends AppenderBase<ILoggingEvent> {
  private final Logger source =
      (Logger) LoggerFactory.getLogger("io.vertx.core.impl.BlockedThreadChecker");
  private final List<String> reports = new CopyOnWriteArrayList<>();

  private BlockedThreads() {}

  /** Begins to listen; everything in this JVM is heard, whoever started it. */
  public static BlockedThreads watch() {
    BlockedThreads watch = new BlockedThreads();
    watch.start();
    watch.source.addAppender(watch);
    return watch;
  }

  @Override
  protected void append(ILoggingEvent event) {
    reports.add(event.getFormattedMessage());
  }

  /** Stops listening, and fails if a thread was blocked since {@link #watch}. */
  public void assertNone() {
    source.detachAppender(this);
    assertThat(reports).as("reports of blocked threads").isEmpty();
  }
}
