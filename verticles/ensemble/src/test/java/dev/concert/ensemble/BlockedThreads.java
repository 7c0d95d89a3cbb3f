package dev.concert.ensemble;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import org.slf4j.LoggerFactory;

/** Notes what Vert.x's checker of blocked threads complains of. */
final class BlockedThreads {
  private static final String CHECKER = "io.vertx.core.impl.BlockedThreadChecker";

  private final ListAppender<ILoggingEvent> complaints = new ListAppender<>();
  private final Logger logger = (Logger) LoggerFactory.getLogger(CHECKER);

  BlockedThreads() {
    complaints.start();
    logger.addAppender(complaints);
  }

  void requireNone() {
    logger.detachAppender(complaints);
    if (!complaints.list.isEmpty()) {
      throw new AssertionError(
          "An event loop was blocked: " + complaints.list.getFirst().getFormattedMessage());
    }
  }
}
