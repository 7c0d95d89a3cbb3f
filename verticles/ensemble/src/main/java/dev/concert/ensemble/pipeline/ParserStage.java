package dev.concert.ensemble.pipeline;

import dev.concert.ensemble.access.Caller;
import dev.concert.ensemble.admission.Admission;
import dev.concert.ensemble.message.InferenceRequest;
import dev.concert.ensemble.metrics.EnsembleMetrics;
import dev.concert.ensemble.routing.CallRouter;
import dev.concert.ensemble.usage.CallEstimate;
import dev.concert.ensemble.usage.TokenEstimate;
import dev.concert.error.ConcertException;
import io.vertx.core.Future;
import java.util.Optional;

/** Parses and validates the request and estimates its tokens: a large one on a worker. */
record ParserStage(
    BodyReader reader, Optional<Admission> admission, CallRouter router, EnsembleMetrics metrics)
    implements CallStage {

  private record Read(CallInput.Parsed request, Prompt prompt) {}

  @Override
  public Future<Void> handle(Call call) {
    return reader
        .read(call.input().size(), () -> read(call))
        .map(
            read -> {
              call.parsed(read.request(), read.prompt());
              return null;
            });
  }

  private Read read(Call call) {
    CallInput.Parsed parsed = call.content().parsed();
    return new Read(parsed, prompt(call.caller(), parsed.request()));
  }

  /**
   * Reads the whole prompt; thread-safe. Refuses a model that the key may not use before anything
   * about the model is revealed.
   */
  Prompt prompt(Caller caller, InferenceRequest request) {
    try {
      if (admission.isPresent() && caller instanceof Caller.IssuedKey key) {
        admission.get().permit(key, request.model());
      }
      long tokens = TokenEstimate.ofPrompt(request);
      return new Prompt(tokens, tokens + CallEstimate.usualAnswer(request), router.read(request));
    } catch (ConcertException refused) {
      metrics.refused(refused.code());
      throw refused;
    }
  }
}
