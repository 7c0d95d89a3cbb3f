package dev.concert.testing.log;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.core.AppenderBase;
import dev.concert.testing.Await;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.slf4j.LoggerFactory;

/** Takes the expected messages of one logger out of the output, and passes on the others. */
final class LogCapture extends AppenderBase<ILoggingEvent> {
  private final ExpectedLog expected;
  private final Pattern message;
  private final Logger logger;
  private final Logger parent;
  private final boolean additive;
  private volatile boolean came;

  private LogCapture(ExpectedLog expected) {
    this.expected = expected;
    this.message = Pattern.compile(expected.message(), Pattern.DOTALL);
    this.logger = logger(expected.logger());
    this.parent = logger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    this.additive = logger.isAdditive();
  }

  /** A test that runs beside this one may be the first that logs: the log begins meanwhile. */
  private static Logger logger(String name) {
    Await.until("the log", () -> LoggerFactory.getILoggerFactory() instanceof LoggerContext);
    return (Logger) LoggerFactory.getLogger(name);
  }

  static LogCapture start(ExpectedLog expected) {
    LogCapture capture = new LogCapture(expected);
    capture.setContext(capture.logger.getLoggerContext());
    capture.start();
    capture.logger.addAppender(capture);
    capture.logger.setAdditive(false);
    return capture;
  }

  @Override
  protected void append(ILoggingEvent event) {
    if (matches(event)) {
      came = true;
    } else if (additive && captures().noneMatch(capture -> capture.matches(event))) {
      parent.callAppenders(event);
    }
  }

  private boolean matches(ILoggingEvent event) {
    return message.matcher(textOf(event)).find();
  }

  private static String textOf(ILoggingEvent event) {
    IThrowableProxy thrown = event.getThrowableProxy();
    return thrown == null
        ? event.getFormattedMessage()
        : event.getFormattedMessage() + "\n" + thrown.getClassName() + ": " + thrown.getMessage();
  }

  /** All of this logger: a class can expect more than one message, and its tests others. */
  private Stream<LogCapture> captures() {
    List<LogCapture> captures = new ArrayList<>();
    logger
        .iteratorForAppenders()
        .forEachRemaining(
            appender -> {
              if (appender instanceof LogCapture capture) {
                captures.add(capture);
              }
            });
    return captures.stream();
  }

  boolean came() {
    return came;
  }

  boolean isRequired() {
    return expected.required();
  }

  @Override
  public void stop() {
    logger.detachAppender(this);
    logger.setAdditive(additive);
    super.stop();
  }

  @Override
  public String toString() {
    return "the log message '%s' of %s".formatted(expected.message(), expected.logger());
  }
}
