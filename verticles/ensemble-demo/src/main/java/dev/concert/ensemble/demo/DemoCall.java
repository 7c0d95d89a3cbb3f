package dev.concert.ensemble.demo;

import dev.concert.ensemble.block.Block;
import dev.concert.ensemble.block.BlockCollector;
import dev.concert.ensemble.message.FinishReason;
import dev.concert.ensemble.model.TokenCount;
import dev.concert.ensemble.provider.ProviderCall;
import dev.concert.ensemble.provider.ProviderOutcome;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.Iterator;
import java.util.Optional;
import java.util.function.Consumer;

/** Streams a planned answer, block by block. Not thread-safe: lives on the caller's context. */
final class DemoCall implements ProviderCall {
  private final Vertx vertx;
  private final Context context;
  private final long delayMs;
  private final FinishReason plannedEnd;
  private final long maxOutput;
  private final long promptTokens;
  private final Consumer<Block> sink;
  private final Iterator<Block> rest;
  private final BlockCollector sent = new BlockCollector();
  private final Promise<ProviderOutcome> outcome = Promise.promise();
  private boolean paused;
  private boolean scheduled;
  private boolean over;

  DemoCall(
      Vertx vertx,
      Duration delay,
      AnswerPlan plan,
      long maxOutput,
      long promptTokens,
      Consumer<Block> sink) {
    this.vertx = vertx;
    this.context = vertx.getOrCreateContext();
    this.delayMs = delay.toMillis();
    this.plannedEnd = plan.finishReason();
    this.maxOutput = maxOutput;
    this.promptTokens = promptTokens;
    this.sink = sink;
    this.rest = BlockSplitter.of(plan).iterator();
  }

  void begin() {
    schedule();
  }

  @Override
  public Future<ProviderOutcome> outcome() {
    return outcome.future();
  }

  @Override
  public void pause() {
    paused = true;
  }

  @Override
  public void resume() {
    paused = false;
    schedule();
  }

  @Override
  public void cancel() {
    over = true;
  }

  private void schedule() {
    if (scheduled) {
      return;
    }
    scheduled = true;
    if (delayMs > 0) {
      vertx.setTimer(delayMs, timer -> step());
    } else {
      context.runOnContext(now -> step());
    }
  }

  private void step() {
    scheduled = false;
    if (over || paused) {
      return;
    }
    if (!rest.hasNext()) {
      end(plannedEnd);
      return;
    }
    if (outputTokens() >= maxOutput) {
      end(FinishReason.MAX_TOKENS);
      return;
    }
    Block block = rest.next();
    sent.add(block);
    sink.accept(block);
    schedule();
  }

  private void end(FinishReason reason) {
    over = true;
    outcome.complete(
        new ProviderOutcome(
            reason, Optional.of(TokenCount.estimate(promptTokens, outputTokens()))));
  }

  private long outputTokens() {
    return sent.estimatedTokens();
  }
}
