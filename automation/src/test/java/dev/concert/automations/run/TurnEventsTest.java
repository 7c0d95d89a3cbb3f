package dev.concert.automations.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.concert.automation.AutomationPolicy;
import dev.concert.error.ConcertException;
import dev.concert.error.ErrorCode;
import dev.concert.foundation.client.GatewayClient.SessionEvents;
import dev.concert.json.Json;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongFunction;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TurnEventsTest {
  private final Vertx vertx = Vertx.vertx();
  private final TurnWatch watch = new TurnWatch("t", AutomationPolicy.DEFAULT);
  private final AtomicBoolean isLate = new AtomicBoolean();
  private final AtomicBoolean isStopped = new AtomicBoolean();
  private final List<TurnWatch.Step> steps = new ArrayList<>();

  @AfterEach
  void close() {
    vertx.close().toCompletionStage().toCompletableFuture().join();
  }

  private static ObjectNode event(String type, long seq) {
    return Json.MAPPER.createObjectNode().put("type", type).put("turnId", "t").put("seq", seq);
  }

  private Future<SessionEvents> page(JsonNode... events) {
    // A gateway's answer comes later.
    return Future.future(
        answer ->
            vertx.runOnContext(_ -> answer.complete(new SessionEvents(List.of(events), false))));
  }

  private TurnWatch read(LongFunction<Future<SessionEvents>> pages)
      throws ExecutionException, InterruptedException, TimeoutException {
    TurnEvents events =
        new TurnEvents(
            vertx,
            pages,
            () -> {
              isStopped.set(true);
              return Future.failedFuture("The gateway is away.");
            },
            isLate::get,
            watch);
    return Future.<TurnWatch>future(
            over ->
                vertx.runOnContext(
                    _ ->
                        events
                            .untilEnd(
                                step -> {
                                  steps.add(step);
                                  return Future.succeededFuture();
                                })
                            .onComplete(over)))
        .toCompletionStage()
        .toCompletableFuture()
        .get(2, TimeUnit.MINUTES);
  }

  @Test
  void aTurnOfAnyLengthIsReadToItsEnd() throws Exception {
    int words = 30_000;
    TurnWatch read =
        read(
            seq ->
                seq < words
                    ? page(event("text_delta", seq + 1).put("text", "x"))
                    : page(event("turn_complete", seq + 1)));

    assertThat(read.end()).isPresent();
    assertThat(read.text()).hasSize(words);
    assertThat(isStopped).isFalse();
  }

  @Test
  void aGatewayThatDoesNotAnswerIsAskedAgainFromWhereItWas() throws Exception {
    List<Long> asked = new ArrayList<>();
    TurnWatch read =
        read(
            seq -> {
              asked.add(seq);
              return switch (asked.size()) {
                case 1 -> page(event("text_delta", 7).put("text", "well"));
                case 2 ->
                    Future.failedFuture(
                        new ConcertException(ErrorCode.PODIUM_UNAVAILABLE, "It starts."));
                default -> page(event("turn_complete", 8));
              };
            });

    assertThat(read.text()).isEqualTo("well");
    assertThat(asked).containsExactly(0L, 7L, 7L);
  }

  @Test
  void aSessionThatIsGoneEndsTheReading() {
    assertThatThrownBy(
            () ->
                read(
                    _ ->
                        Future.failedFuture(
                            new ConcertException(ErrorCode.SESSION_NOT_FOUND, "It is gone."))))
        .hasMessageContaining("It is gone.");
  }

  @Test
  void aTurnWhoseTimeIsOverIsStoppedAlsoWhereTheGatewayIsAway() throws Exception {
    TurnWatch read =
        read(
            _ -> {
              isLate.set(true);
              return page();
            });

    assertThat(read.end()).isEmpty();
    assertThat(isStopped).isTrue();
  }

  @Test
  void whatTheTurnAsksForIsToldInItsOrder() throws Exception {
    read(
        _ ->
            page(
                event("permission_requested", 1).put("questionId", "q1"),
                event("question_requested", 2).put("questionId", "q2"),
                event("turn_complete", 3)));

    assertThat(steps)
        .extracting(
            step ->
                switch (step) {
                  case TurnWatch.Step.Answer answer -> answer.questionId();
                  case TurnWatch.Step.Dismiss dismiss -> dismiss.questionId();
                  case TurnWatch.Step.Ask ask -> ask.questionId();
                })
        .containsExactly("q1", "q2");
  }
}
