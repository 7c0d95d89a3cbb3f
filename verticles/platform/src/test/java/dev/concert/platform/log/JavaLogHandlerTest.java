package dev.concert.platform.log;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.slf4j.LoggerFactory;

/** What libraries log by the log of the JDK. */
class JavaLogHandlerTest {
  private static final String LIBRARY = "a.library";

  @ParameterizedTest
  @CsvSource({"SEVERE, ERROR", "WARNING, WARN", "INFO, INFO", "CONFIG, DEBUG", "FINEST, DEBUG"})
  void isInOurLogWithItsWeightAndFailure(String theirs, String ours) {
    LogRecord event = new LogRecord(Level.parse(theirs), "{0} is lost");
    event.setLoggerName(LIBRARY);
    event.setParameters(new Object[] {"a span"});
    event.setThrown(new IllegalStateException("no collector"));

    assertThat(logged(event))
        .singleElement()
        .satisfies(
            line -> {
              assertThat(line.getLevel()).hasToString(ours);
              assertThat(line.getFormattedMessage()).isEqualTo("a span is lost");
              assertThat(line.getThrowableProxy().getMessage()).isEqualTo("no collector");
            });
  }

  private static List<ILoggingEvent> logged(LogRecord event) {
    Logger logger = (Logger) LoggerFactory.getLogger(LIBRARY);
    logger.setLevel(ch.qos.logback.classic.Level.TRACE);
    logger.setAdditive(false);
    ListAppender<ILoggingEvent> lines = new ListAppender<>();
    lines.start();
    logger.addAppender(lines);
    new JavaLogHandler().publish(event);
    logger.detachAppender(lines);
    return lines.list;
  }
}
