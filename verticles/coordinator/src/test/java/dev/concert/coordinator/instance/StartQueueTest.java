package dev.concert.coordinator.instance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.concert.error.ConcertException;
import dev.concert.error.ErrorCode;
import dev.concert.testing.Await;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class StartQueueTest {
  private final Vertx vertx = Vertx.vertx();
  private final Context loop = vertx.getOrCreateContext();
  private final List<Promise<String>> begun = new CopyOnWriteArrayList<>();

  @AfterEach
  void close() {
    vertx.close().toCompletionStage().toCompletableFuture().join();
  }

  private Future<String> ask(StartQueue queue) {
    return ask(
        queue,
        () -> {
          Promise<String> start = Promise.promise();
          begun.add(start);
          return start.future();
        });
  }

  private Future<String> ask(StartQueue queue, Supplier<Future<String>> start) {
    Promise<String> answer = Promise.promise();
    loop.runOnContext(now -> queue.run(false, start).onComplete(answer));
    return answer.future();
  }

  private Future<String> askInBackground(StartQueue queue, Supplier<Future<String>> start) {
    Promise<String> answer = Promise.promise();
    loop.runOnContext(now -> queue.run(true, start).onComplete(answer));
    return answer.future();
  }

  private StartQueue queue(int atOnce, long timeoutMs) {
    return new StartQueue(vertx, atOnce, Duration.ofMillis(timeoutMs));
  }

  @Test
  void asManyAsAllowedBeginAndTheOthersFollowInTheirOrder() {
    StartQueue queue = queue(2, 10_000);
    List<Future<String>> answers = List.of(ask(queue), ask(queue), ask(queue), ask(queue));
    Await.until(() -> begun.size() == 2);

    loop.runOnContext(now -> begun.get(1).complete("second"));
    Await.until(() -> begun.size() == 3);
    assertThat(answers.get(1).result()).isEqualTo("second");

    loop.runOnContext(now -> begun.get(2).complete("third"));
    Await.until(() -> begun.size() == 4);
    assertThat(answers.get(2).result()).isEqualTo("third");
  }

  @Test
  void whoWaitsInPersonComesBeforeWhatWorksInTheBackground() {
    StartQueue queue = queue(1, 10_000);
    List<String> order = new CopyOnWriteArrayList<>();
    ask(queue);
    Await.until(() -> begun.size() == 1);
    List<Future<String>> answers =
        List.of(
            askInBackground(queue, () -> said(order, "automation 1")),
            askInBackground(queue, () -> said(order, "automation 2")),
            ask(queue, () -> said(order, "person 1")),
            ask(queue, () -> said(order, "person 2")));

    loop.runOnContext(now -> begun.getFirst().complete("first"));
    Await.until(() -> answers.stream().allMatch(Future::isComplete));
    assertThat(order).containsExactly("person 1", "person 2", "automation 1", "automation 2");
  }

  private static Future<String> said(List<String> order, String name) {
    order.add(name);
    return Future.succeededFuture(name);
  }

  @Test
  void aStartThatFailsOrThrowsMakesRoomForTheNext() {
    StartQueue queue = queue(1, 10_000);
    Future<String> failing = ask(queue, () -> Future.failedFuture("refused"));
    Future<String> throwing =
        ask(
            queue,
            () -> {
              throw new IllegalStateException("broken");
            });
    Future<String> third = ask(queue, () -> Future.succeededFuture("third"));

    Await.until(third::isComplete);
    assertThat(third.result()).isEqualTo("third");
    assertThat(failing.cause()).hasMessage("refused");
    assertThat(throwing.cause()).hasMessage("broken");
  }

  @Test
  void aStartThatWaitsTooLongIsRefusedAndNeverBegun() {
    StartQueue queue = queue(1, 50);
    ask(queue);
    Future<String> late = ask(queue);

    Await.until(late::isComplete);
    assertThat(late.cause())
        .isInstanceOfSatisfying(
            ConcertException.class,
            refused -> assertThat(refused.code()).isEqualTo(ErrorCode.PODIUM_UNAVAILABLE));
    loop.runOnContext(now -> begun.getFirst().complete("first"));
    Future<String> third = ask(queue, () -> Future.succeededFuture("third"));
    Await.until(third::isComplete);
    assertThat(begun).hasSize(1);
  }

  @Test
  void anAgentThatDoesNotGetReadyHoldsUpOthersOnlyForItsShare() {
    StartQueue queue = queue(1, 30_000);
    ask(queue);
    Future<String> next = ask(queue, () -> Future.succeededFuture("next"));

    Await.until(next::isComplete);
    assertThat(next.result()).isEqualTo("next");
  }
}
