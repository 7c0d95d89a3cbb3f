package dev.concert.ensemble.pipeline;

import dev.concert.ensemble.access.Caller;
import dev.concert.ensemble.admission.Admission;
import dev.concert.ensemble.call.ActiveCalls;
import dev.concert.ensemble.call.InferenceCall;
import dev.concert.ensemble.guardrail.Guardrails;
import dev.concert.ensemble.message.InferenceRequest;
import dev.concert.ensemble.metrics.EnsembleMetrics;
import dev.concert.ensemble.routing.CallRouter;
import dev.concert.error.ConcertException;
import dev.concert.error.Problem;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The one way to a model for every entry point and API format. A call passes the stages
 * authentication, guardrails, parsing, admission, routing, budget, allowance, ledger, reports and
 * provider; a stage that refuses it ends the pipeline, and the stages before return what they have
 * reserved. So a refusal is known before the response begins.
 *
 * <p>Use it on the context of the verticle; it never blocks.
 */
public final class CallPipeline {
  private final BodyReader reader;
  private final ParserStage parser;
  private final CallRouter router;
  private final Optional<Admission> admission;
  private final EnsembleMetrics metrics;
  private final Guardrails guardrails;
  private final ActiveCalls active = new ActiveCalls();

  /** Run also while Ensemble drains, so that an invalid request is refused as such. */
  private final List<CallStage> input;

  private final List<CallStage> stages;

  public CallPipeline(Vertx vertx, CallServices services) {
    this.reader = new BodyReader(vertx);
    this.admission = services.admission();
    this.metrics = services.metrics();
    this.guardrails = services.guardrails();
    this.router = services.router();
    this.parser =
        new ParserStage(reader, services.admission(), services.router(), services.metrics());
    this.input =
        List.of(
            new AuthenticationStage(services.tokens()),
            new GuardrailStage(reader, services.guardrails()),
            parser);
    this.stages =
        List.of(
            new AdmissionStage(services.admission()),
            new RoutingStage(services.router()),
            new BudgetStage(services.budgets()),
            new AllowanceStage(services.allowances()),
            new LedgerStage(services.ledger(), services.store()),
            new ReportStage(services.usage()),
            new ProviderStage(vertx, services.guardrails()));
  }

  /** Makes a call; fails with a {@code ConcertException} if it is refused. */
  public Future<InferenceCall> start(CallInput incoming) {
    Call call = new Call(incoming);
    return run(input, 0, call).compose(parsed -> make(call));
  }

  private Future<InferenceCall> make(Call call) {
    return active
        .start(
            () ->
                run(stages, 0, call)
                    .map(made -> call.running())
                    .onFailure(refused -> call.refuse()))
        .onSuccess(
            running ->
                metrics.asked(call.input().form(), System.nanoTime() - call.input().arrived()))
        .onFailure(refused -> metrics.refused(Problem.of(refused).code()));
  }

  /**
   * Counts the tokens of a prompt that is not sent to a model: by its vendor where that offers it,
   * otherwise by an estimate. It counts against a limit of its own and costs nothing.
   *
   * @param size bytes of the body
   * @param request parses the body; may throw a {@code ConcertException}
   * @return fails with a {@code ConcertException} if it is refused
   */
  public Future<Long> countTokens(Caller caller, int size, Supplier<InferenceRequest> request) {
    return reader
        .read(size, () -> counted(caller, request.get()))
        .compose(
            counted -> {
              admitCount(caller, counted.request().model());
              // A vendor would read what guardrails do not let pass.
              return guardrails.checkRequests()
                  ? Future.succeededFuture(counted.estimate())
                  : router
                      .countTokens(counted.request())
                      .map(tokens -> tokens.orElse(counted.estimate()));
            });
  }

  private record Counted(InferenceRequest request, long estimate) {}

  private Counted counted(Caller caller, InferenceRequest request) {
    return new Counted(request, parser.prompt(caller, request).tokens());
  }

  private void admitCount(Caller caller, String model) {
    if (admission.isPresent() && caller instanceof Caller.IssuedKey key) {
      try {
        admission.get().admitCount(key, model);
      } catch (ConcertException refused) {
        metrics.refused(refused.code());
        throw refused;
      }
    }
  }

  /** The calls in progress. */
  public ActiveCalls active() {
    return active;
  }

  /** Goes on without a future for each stage where stages complete at once, which most do. */
  private static Future<Void> run(List<CallStage> stages, int from, Call call) {
    for (int i = from; i < stages.size(); i++) {
      Future<Void> handled = handle(stages.get(i), call);
      if (!handled.isComplete()) {
        int next = i + 1;
        return handled.compose(done -> run(stages, next, call));
      }
      if (handled.failed()) {
        return handled;
      }
    }
    return Future.succeededFuture();
  }

  private static Future<Void> handle(CallStage stage, Call call) {
    try {
      return stage.handle(call);
    } catch (RuntimeException refused) {
      return Future.failedFuture(refused);
    }
  }
}
