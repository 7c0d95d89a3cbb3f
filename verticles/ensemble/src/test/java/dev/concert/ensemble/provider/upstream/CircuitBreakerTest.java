package dev.concert.ensemble.provider.upstream;

import static dev.concert.ensemble.provider.chat.Upstream.data;
import static dev.concert.ensemble.provider.chat.Upstream.finish;
import static dev.concert.ensemble.provider.chat.Upstream.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.concert.ensemble.Dialects;
import dev.concert.ensemble.RunningEnsemble;
import dev.concert.ensemble.message.FinishReason;
import dev.concert.ensemble.message.InferenceRequest;
import dev.concert.ensemble.message.Message;
import dev.concert.ensemble.message.MessageRole;
import dev.concert.ensemble.provider.ProviderCall;
import dev.concert.ensemble.provider.ProviderOutcome;
import dev.concert.ensemble.provider.chat.Upstream;
import dev.concert.error.ConcertException;
import dev.concert.error.ErrorCode;
import dev.concert.testing.Await;
import io.vertx.core.Context;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class CircuitBreakerTest {
  private static final Duration REST = Duration.ofSeconds(2);
  static final InferenceRequest REQUEST =
      InferenceRequest.of("real", List.of(Message.text(MessageRole.USER, "hello")));

  private final Vertx vertx = Vertx.vertx();
  private final Context context = vertx.getOrCreateContext();
  private final Upstream upstream = new Upstream();
  private final HttpProvider provider =
      new HttpProvider(
          vertx, upstream.options(), Dialects.of(upstream.options()), Optional::empty, REST);

  @AfterEach
  void stop() {
    RunningEnsemble.await(vertx.close());
    upstream.close();
  }

  @Test
  void leavesAFailingServerAloneAndTriesItAgainAfterARest() {
    upstream.status(500, "text/plain", "");
    failTimes(UpstreamClient.MAX_FAILURES);
    int asked = upstream.bodies.size();
    upstream.events(data(text("back"), finish("stop"), "[DONE]"));

    assertThatThrownBy(this::call)
        .isInstanceOfSatisfying(
            ConcertException.class,
            refused -> {
              assertThat(refused.code()).isEqualTo(ErrorCode.PROVIDER_FAILED);
              assertThat(refused.retryAfterMs()).isEqualTo(REST.toMillis());
            });
    assertThat(upstream.bodies).hasSize(asked);
    assertThat(provider.healthy()).isFalse();

    Await.until(provider::admits);

    assertThat(call().finishReason()).isEqualTo(FinishReason.END_TURN);
    assertThat(provider.healthy()).isTrue();
  }

  @Test
  void staysOpenWhenTheOneProbeFails() {
    upstream.status(500, "text/plain", "");
    failTimes(UpstreamClient.MAX_FAILURES);
    Await.until(provider::admits);
    int asked = upstream.bodies.size();

    failTimes(2);

    assertThat(upstream.bodies).hasSize(asked + 1);
  }

  @Test
  void doesNotCountWhatTheServerRefuses() {
    upstream.status(400, "application/json", "{}");
    failTimes(UpstreamClient.MAX_FAILURES + 1);

    assertThat(upstream.bodies).hasSize(UpstreamClient.MAX_FAILURES + 1);
    assertThat(provider.healthy()).isTrue();
  }

  @Test
  void doesNotCountCallersWhoGoAwayBeforeItAnswers() {
    upstream.script(silent -> {});
    for (int i = 0; i <= UpstreamClient.MAX_FAILURES; i++) {
      end(waiting(), ProviderCall::cancel);
    }
    upstream.events(data(text("here"), finish("stop"), "[DONE]"));

    assertThat(call().finishReason()).isEqualTo(FinishReason.END_TURN);
    assertThat(provider.healthy()).isTrue();
  }

  @Test
  void countsAnswersThatTakeTooLong() {
    upstream.script(silent -> {});
    for (int i = 0; i < UpstreamClient.MAX_FAILURES; i++) {
      end(waiting(), ProviderCall::timeOut);
    }

    Await.until(() -> !provider.healthy());
  }

  @Test
  void isNotClosedByAProbeWhoseCallerGoesAway() {
    upstream.status(500, "text/plain", "");
    failTimes(UpstreamClient.MAX_FAILURES);
    upstream.script(silent -> {});
    Await.until(provider::admits);

    end(waiting(), ProviderCall::cancel);

    Await.until(() -> !provider.admits());
    upstream.events(data(text("back"), finish("stop"), "[DONE]"));
    Await.until(provider::admits);
    assertThat(call().finishReason()).isEqualTo(FinishReason.END_TURN);
  }

  /** A call that the server has got and does not answer. */
  private ProviderCall waiting() {
    int asked = upstream.bodies.size();
    Promise<ProviderCall> begun = Promise.promise();
    context.runOnContext(now -> begun.complete(start()));
    ProviderCall call = RunningEnsemble.await(begun.future());
    Await.until(() -> upstream.bodies.size() > asked);
    return call;
  }

  private void end(ProviderCall call, Consumer<ProviderCall> how) {
    Promise<Void> ended = Promise.promise();
    context.runOnContext(
        now -> {
          how.accept(call);
          ended.complete();
        });
    RunningEnsemble.await(ended.future());
  }

  private ProviderCall start() {
    return provider.start(upstream.options().models().getFirst(), REQUEST, block -> {});
  }

  private void failTimes(int times) {
    for (int i = 0; i < times; i++) {
      assertThatThrownBy(this::call).isInstanceOf(ConcertException.class);
    }
  }

  private ProviderOutcome call() {
    Promise<ProviderOutcome> outcome = Promise.promise();
    context.runOnContext(now -> start().outcome().onComplete(outcome));
    return RunningEnsemble.await(outcome.future());
  }
}
