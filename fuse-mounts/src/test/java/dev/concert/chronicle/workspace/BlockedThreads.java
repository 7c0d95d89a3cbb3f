package dev.concert.chronicle.workspace;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import org.slf4j.LoggerFactory;

/** What Vert.x's blocked-thread checker reports. */
final class BlockedThreads {
  private final ListAppender<ILoggingEvent> reports = new ListAppender<>();
  private final Logger checker =
      (Logger) LoggerFactory.getLogger("io.vertx.core.impl.BlockedThreadChecker");

  private BlockedThreads() {
    reports.start();
    checker.addAppender(reports);
  }

  static BlockedThreads watch() {
    return new BlockedThreads();
  }

  void assertNone() {
    checker.detachAppender(reports);
    assertThat(reports.list).as("event loops that were blocked").isEmpty();
  }
}
