package dev.concert.platform;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.concert.testing.log.ExpectedLog;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class ServiceStopTest {
  private static final Duration SHORT = Duration.ofMillis(50);
  private static final Duration LONG = Duration.ofMinutes(2);

  private final Vertx vertx = Vertx.vertx();
  private final ListAppender<ILoggingEvent> log = new ListAppender<>();

  @BeforeEach
  void listen() {
    log.start();
    root().addAppender(log);
  }

  @AfterEach
  void end() {
    root().detachAppender(log);
  }

  private static Logger root() {
    return (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
  }

  private Future<?> stopOf(Future<?> stopped) throws Exception {
    VerticleBase service =
        new VerticleBase() {
          @Override
          public Future<?> stop() {
            return stopped;
          }
        };
    String id = vertx.deployVerticle(service).toCompletionStage().toCompletableFuture().get();
    return vertx.undeploy(id);
  }

  @Test
  @ExpectedLog(
      logger = "dev.concert.platform.ServiceStop",
      message = "Slow did not stop within \\d+ ms$")
  void aServiceThatIsTooSlowIsNamedInOneLineAndTheOthersStop() throws Exception {
    ServiceStop stop = new ServiceStop(LONG);
    stop.await("Slow", stopOf(Promise.promise().future()), SHORT);
    stop.await("Quick", stopOf(Future.succeededFuture()), LONG);
    stop.close(vertx, LONG);

    assertThat(stop.isClean()).isFalse();
    assertThat(log.list).isEmpty();
  }

  @Test
  void whereEverythingStopsInTimeNothingIsSaid() throws Exception {
    ServiceStop stop = new ServiceStop(LONG);
    stop.await("Quick", stopOf(Future.succeededFuture()), LONG);
    stop.close(vertx, LONG);

    assertThat(stop.isClean()).isTrue();
    assertThat(log.list).isEmpty();
  }
}
