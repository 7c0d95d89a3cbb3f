package dev.concert.ensemble.demo;

import dev.concert.ensemble.message.InferenceRequest;
import dev.concert.ensemble.model.Capabilities;
import dev.concert.ensemble.model.Capabilities.ThinkingStyle;
import dev.concert.ensemble.model.Price;
import dev.concert.ensemble.model.ServedModel;
import dev.concert.ensemble.provider.AnswerSink;
import dev.concert.ensemble.provider.Provider;
import dev.concert.ensemble.provider.ProviderCall;
import dev.concert.ensemble.usage.TokenEstimate;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/**
 * The demo model: no network, no cost, the same answer every time.
 *
 * <p>It reads a request by fixed rules and carries it out with the tools it is offered. Its answers
 * say that it is the demo model.
 */
public final class DemoProvider implements Provider {
  public static final String NAME = "demo";

  private static final int CONTEXT_WINDOW = 200_000;
  private static final int MAX_OUTPUT = 32_768;

  private final Vertx vertx;
  private final Duration delay;
  private final ServedModel model =
      new ServedModel(
          NAME,
          NAME,
          NAME,
          CONTEXT_WINDOW,
          MAX_OUTPUT,
          new Capabilities(
              true, true, false, false, false, false, true, ThinkingStyle.EFFORT, Set.of()),
          Price.FREE,
          ServedModel.DEFAULT_STALL,
          ServedModel.DEFAULT_TOTAL);

  /**
   * @param delay pause between two blocks, so that a person sees the answer stream; zero: none
   */
  public DemoProvider(Vertx vertx, Duration delay) {
    this.vertx = vertx;
    this.delay = delay;
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public List<ServedModel> models() {
    return List.of(model);
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
    AnswerPlan plan = AnswerPlanner.plan(request);
    int most = request.maxTokens() == null ? MAX_OUTPUT : Math.min(request.maxTokens(), MAX_OUTPUT);
    DemoCall call = new DemoCall(vertx, delay, plan, most, TokenEstimate.ofPrompt(request), sink);
    call.begin();
    return call;
  }
}
