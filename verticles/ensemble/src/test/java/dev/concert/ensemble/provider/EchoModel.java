package dev.concert.ensemble.provider;

import dev.concert.ensemble.block.TextBlock;
import dev.concert.ensemble.message.FinishReason;
import dev.concert.ensemble.message.InferenceRequest;
import dev.concert.ensemble.model.Capabilities;
import dev.concert.ensemble.model.Capabilities.ThinkingStyle;
import dev.concert.ensemble.model.Price;
import dev.concert.ensemble.model.ServedModel;
import dev.concert.ensemble.model.TokenCount;
import dev.concert.ensemble.usage.TokenEstimate;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** A built-in model for tests that need some answer without a network: it says the same always. */
public final class EchoModel implements BuiltInProvider {
  private static final String NAME = "demo";
  private static final List<String> ANSWER = List.of("An ", "answer ", "for ", "tests.");

  @Override
  public Provider create(Vertx vertx, Duration pause) {
    return new Echo(vertx);
  }

  private record Echo(Vertx vertx) implements Provider {
    @Override
    public String name() {
      return NAME;
    }

    @Override
    public List<ServedModel> models() {
      return List.of(
          new ServedModel(
              NAME,
              NAME,
              NAME,
              200_000,
              32_768,
              new Capabilities(
                  true, true, false, false, false, false, true, ThinkingStyle.EFFORT, Set.of()),
              Price.FREE,
              ServedModel.DEFAULT_STALL,
              ServedModel.DEFAULT_TOTAL));
    }

    @Override
    public boolean hasKey() {
      return true;
    }

    @Override
    public boolean healthy() {
      return true;
    }

    @Override
    public ProviderCall start(ServedModel asked, InferenceRequest request, AnswerSink sink) {
      EchoCall call = new EchoCall();
      vertx.getOrCreateContext().runOnContext(now -> call.answer(request, sink));
      return call;
    }
  }

  private static final class EchoCall implements ProviderCall {
    private final Promise<ProviderOutcome> outcome = Promise.promise();
    private boolean cancelled;

    void answer(InferenceRequest request, AnswerSink sink) {
      for (String word : ANSWER) {
        if (!cancelled) {
          sink.accept(new TextBlock(word));
        }
      }
      outcome.tryComplete(
          new ProviderOutcome(
              FinishReason.END_TURN,
              Optional.of(TokenCount.estimate(TokenEstimate.ofPrompt(request), ANSWER.size()))));
    }

    @Override
    public Future<ProviderOutcome> outcome() {
      return outcome.future();
    }

    @Override
    public void pause() {
      // The answer is a few words.
    }

    @Override
    public void resume() {
      // Never paused.
    }

    @Override
    public void cancel() {
      cancelled = true;
    }
  }
}
