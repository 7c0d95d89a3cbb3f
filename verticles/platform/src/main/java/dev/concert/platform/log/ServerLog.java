package dev.concert.platform.log;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.Appender;
import ch.qos.logback.core.OutputStreamAppender;
import java.util.Iterator;
import java.util.logging.LogManager;
import org.slf4j.LoggerFactory;

/** The log of this process. */
public final class ServerLog {
  private ServerLog() {}

  /**
   * From now on the log is as these options say. What they leave open stays as it is. Not
   * thread-safe: for the start of a server.
   */
  public static void configure(LogOptions options) {
    if (LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME) instanceof Logger root) {
      options.level().ifPresent(chosen -> root.setLevel(Level.convertAnSLF4JLevel(chosen.level())));
      if (options.format() == LogFormat.JSON) {
        writeJson(root);
        LogManager.getLogManager().reset();
        java.util.logging.Logger.getLogger("").addHandler(new JavaLogHandler());
      }
    }
  }

  /** Runs work while a logger writes nothing. Not thread-safe: for the end of a server. */
  public static void without(String logger, Runnable work) {
    if (LoggerFactory.getLogger(logger) instanceof Logger silent) {
      Level before = silent.getLevel();
      silent.setLevel(Level.OFF);
      try {
        work.run();
      } finally {
        silent.setLevel(before);
      }
    } else {
      work.run();
    }
  }

  private static void writeJson(Logger root) {
    Iterator<Appender<ILoggingEvent>> appenders = root.iteratorForAppenders();
    while (appenders.hasNext()) {
      if (appenders.next() instanceof OutputStreamAppender<ILoggingEvent> stream) {
        JsonLogEncoder encoder = new JsonLogEncoder();
        encoder.setContext(root.getLoggerContext());
        encoder.start();
        stream.setEncoder(encoder);
      }
    }
  }
}
