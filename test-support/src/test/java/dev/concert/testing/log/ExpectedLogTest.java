package dev.concert.testing.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectMethod;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.junit.platform.testkit.engine.EngineTestKit;
import org.slf4j.LoggerFactory;

class ExpectedLogTest {
  private static final String NAME = "dev.concert.testing.log.noisy";

  private final org.slf4j.Logger noisy = LoggerFactory.getLogger(NAME);
  private final Logger root = (Logger) LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME);
  private final ListAppender<ILoggingEvent> output = new ListAppender<>();

  @BeforeEach
  void watchTheOutput() {
    output.start();
    root.addAppender(output);
  }

  @AfterEach
  void leaveTheOutput() {
    root.detachAppender(output);
  }

  @Test
  @ExpectedLog(logger = NAME, message = "disk .* is full")
  void anExpectedMessageStaysOutOfTheOutput() {
    noisy.warn("The disk {} is full", "sda");

    assertThat(output.list).isEmpty();
  }

  @Test
  @ExpectedLog(logger = NAME, message = "never comes", required = false)
  void anotherMessageOfTheSameLoggerIsPrinted() {
    noisy.info("not printed at this level, and not expected");

    assertThat(output.list).isEmpty();
  }

  @Test
  @ExpectedLog(logger = NAME, message = "disk .* is full")
  @ExpectedLog(logger = NAME, message = "disk .* is slow")
  void twoExpectedMessagesOfOneLoggerStayOutOfTheOutput() {
    noisy.warn("The disk {} is full", "sda");
    noisy.warn("The disk {} is slow", "sda");
    noisy.warn("The disk {} is hot", "sda");

    assertThat(output.list).extracting("formattedMessage").containsExactly("The disk sda is hot");
  }

  @Test
  @ExpectedLog(logger = NAME, message = "failed\\n.*IllegalStateException: full")
  void theExceptionOfAnExpectedMessageIsNamedWithIt() {
    noisy.error("It failed", new IllegalStateException("full"));
    noisy.error("It failed", new IllegalStateException("hot"));

    assertThat(output.list).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"logs", "isQuiet"})
  void aTestThatRunsAloneOwesNoMessageOfItsClass(String test) {
    EngineTestKit.engine("junit-jupiter")
        .selectors(selectMethod(Noisy.class, test))
        .execute()
        .allEvents()
        .assertStatistics(events -> events.failed(0).succeeded(3));
  }

  /** Two tests, and one of them provokes the message. */
  @ExpectedLog(logger = NAME, message = "disk .* is full")
  static class Noisy {

    @Test
    void logs() {
      LoggerFactory.getLogger(NAME).warn("The disk {} is full", "sda");
    }

    @Test
    void isQuiet() {}
  }

  @Test
  void withoutTheAnnotationTheLoggerPrintsAsUsual() {
    assertThat(((Logger) noisy).isAdditive()).isTrue();
    assertThat(((Logger) noisy).iteratorForAppenders()).isExhausted();
  }
}
