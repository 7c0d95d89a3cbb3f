package dev.concert.bus;

import static org.assertj.core.api.Assertions.assertThat;

import dev.concert.error.ConcertException;
import dev.concert.error.ErrorCode;
import dev.concert.inference.InferenceMessages.Access;
import dev.concert.inference.InferenceMessages.OpenAccess;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.junit5.VertxExtension;
import io.vertx.junit5.VertxTestContext;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(VertxExtension.class)
class ConcertBusTest {
  private static final Duration SOON = Duration.ofMillis(200);
  private ConcertBus bus;

  @BeforeEach
  void registerCodecs(Vertx vertx) {
    BusCodecs.register(vertx);
    bus = new ConcertBus(vertx);
  }

  @Test
  void aRequestIsAnsweredWithTheSameObjectInsideOneJvm(VertxTestContext test) {
    Access answer = new Access("http://x", "secret", "demo");
    bus.serve(Addresses.OPEN_ACCESS, request -> Future.succeededFuture(answer));
    request()
        .onComplete(
            test.succeeding(
                got -> test.verify(() -> assertThat(got).isSameAs(answer)).completeNow()));
  }

  @Test
  void aCodedFailureArrivesWithItsCodeAndMessage(VertxTestContext test) {
    bus.serve(
        Addresses.OPEN_ACCESS,
        request -> Future.failedFuture(new ConcertException(ErrorCode.FORBIDDEN, "Not you.")));
    expect(test, ErrorCode.FORBIDDEN, "Not you.");
  }

  @Test
  void aDefectArrivesWithoutItsText(VertxTestContext test) {
    bus.serve(
        Addresses.OPEN_ACCESS,
        request -> {
          throw new IllegalStateException("password=hunter2");
        });
    expect(test, ErrorCode.INTERNAL, "Something went wrong inside Concert.");
  }

  @Test
  void silenceIsATimeout(VertxTestContext test) {
    bus.serve(Addresses.OPEN_ACCESS, request -> Future.future(never -> {}));
    expect(test, ErrorCode.TIMEOUT, "No answer came in time from ensemble.access.open.");
  }

  @Test
  void aMissingServiceIsNamed(VertxTestContext test) {
    expect(
        test, ErrorCode.ENSEMBLE_UNAVAILABLE, "The service ensemble.access.open is not running.");
  }

  @Test
  void everyMessageSurvivesItsWireForm() {
    Access access = new Access("http://x", "t", "demo");
    RecordCodec<Access> codec = new RecordCodec<>(Access.class);
    Buffer wire = Buffer.buffer("before");
    codec.encodeToWire(wire, access);
    assertThat(codec.decodeFromWire(6, wire)).isEqualTo(access);
  }

  @Test
  void aSecretIsNotInTheTextOfItsMessage() {
    assertThat(new Access("u", "hunter2", "m").toString()).doesNotContain("hunter2");
  }

  private Future<Access> request() {
    return bus.request(Addresses.OPEN_ACCESS, new OpenAccess("agent_1", "dev"), SOON);
  }

  private void expect(VertxTestContext test, ErrorCode code, String message) {
    request()
        .onComplete(
            test.failing(
                failure ->
                    test.verify(
                            () -> {
                              assertThat(failure).hasMessage(message);
                              assertThat(((ConcertException) failure).code()).isEqualTo(code);
                            })
                        .completeNow()));
  }
}
