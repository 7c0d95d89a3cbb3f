package dev.concert.coordinator.egress;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** What an operator reads of an agent's connections. */
class EgressLogTest {
  private final Logger logger = (Logger) LoggerFactory.getLogger(EgressLog.class);
  private final ListAppender<ILoggingEvent> lines = new ListAppender<>();
  private final EgressLog log = new EgressLog("s-1");

  @BeforeEach
  void listen() {
    lines.start();
    logger.setLevel(Level.INFO);
    logger.setAdditive(false);
    logger.addAppender(lines);
  }

  @AfterEach
  void restore() {
    logger.detachAppender(lines);
    logger.setAdditive(true);
    logger.setLevel(null);
  }

  private List<String> lines() {
    return lines.list.stream().map(ILoggingEvent::getFormattedMessage).toList();
  }

  @Test
  void eachConnectionAndTheSumsAreLoggedWithTheSession() {
    log.closed("pypi.org:443", 10, 2000, Duration.ofMillis(30));
    log.closed("pypi.org:443", 5, 1000, Duration.ofMillis(20));
    log.refused("evil.example:443", "The policy does not allow it.");
    log.ended();

    assertThat(lines())
        .containsExactly(
            "Session s-1: pypi.org:443 sent 10 B, received 2000 B in 30 ms",
            "Session s-1: pypi.org:443 sent 5 B, received 1000 B in 20 ms",
            "Session s-1: evil.example:443 refused. The policy does not allow it.",
            "Session s-1: 2 connections to the network, 1 refused, 15 B sent, 3000 B received");
  }

  @Test
  void anAgentThatFloodsTheProxyDoesNotFloodTheLogAndIsCountedAllTheSame() {
    for (int i = 0; i < 10_000; i++) {
      log.refused("evil.example:443", "No.");
    }
    log.ended();

    assertThat(lines()).hasSizeLessThan(300);
    assertThat(lines().getLast()).contains("10000 refused");
  }

  @Test
  void anAgentThatUsedNoNetworkLeavesNoLine() {
    log.ended();

    assertThat(lines()).isEmpty();
  }
}
