package dev.concert.platform.log;

import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.SimpleFormatter;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * Has libraries that log by {@code java.util.logging}, such as OpenTelemetry, write into our log.
 */
final class JavaLogHandler extends Handler {
  private static final int SEVERE = java.util.logging.Level.SEVERE.intValue();
  private static final int WARNING = java.util.logging.Level.WARNING.intValue();
  private static final int INFO = java.util.logging.Level.INFO.intValue();

  private final SimpleFormatter messages = new SimpleFormatter();

  @Override
  public void publish(LogRecord event) {
    Logger logger = LoggerFactory.getLogger(String.valueOf(event.getLoggerName()));
    logger
        .atLevel(level(event.getLevel().intValue()))
        .setCause(event.getThrown())
        .log(messages.formatMessage(event));
  }

  private static Level level(int weight) {
    if (weight >= SEVERE) {
      return Level.ERROR;
    }
    if (weight >= WARNING) {
      return Level.WARN;
    }
    return weight >= INFO ? Level.INFO : Level.DEBUG;
  }

  @Override
  public void flush() {
    // Nothing waits here.
  }

  @Override
  public void close() {
    // Nothing is open here.
  }
}
