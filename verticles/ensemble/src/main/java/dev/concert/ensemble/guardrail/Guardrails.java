package dev.concert.ensemble.guardrail;

import dev.concert.ensemble.guardrail.GuardrailOptions.Moment;
import dev.concert.ensemble.message.ClientField;
import dev.concert.ensemble.message.InferenceRequest;
import dev.concert.ensemble.message.Wire;
import dev.concert.ensemble.model.ServedModel;
import dev.concert.ensemble.provider.AnswerSink;
import dev.concert.ensemble.provider.Provider;
import dev.concert.ensemble.provider.ProviderCall;
import dev.concert.error.ConcertException;
import dev.concert.error.ErrorCode;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.List;

/**
 * All guardrails of a node, each of which sees what those before it have left. Thread-safe; never
 * blocks.
 */
public final class Guardrails {
  /** Everything passes. */
  public static final Guardrails NONE = new Guardrails(List.of());

  private final List<Guardrail> onRequests;
  private final List<Guardrail> onAnswers;

  private Guardrails(List<Guardrail> all) {
    this.onRequests = at(Moment.REQUEST, all);
    this.onAnswers = at(Moment.ANSWER, all);
  }

  public static Guardrails of(Vertx vertx, List<GuardrailOptions> options) {
    return new Guardrails(
        options.stream()
            .<Guardrail>map(
                one ->
                    switch (one.check()) {
                      case GuardrailOptions.Patterns patterns ->
                          new PatternGuardrail(vertx, one, patterns);
                      case GuardrailOptions.Service service ->
                          ServiceGuardrail.of(vertx, one, service);
                    })
            .toList());
  }

  private static List<Guardrail> at(Moment moment, List<Guardrail> all) {
    return all.stream().filter(one -> one.options().moments().contains(moment)).toList();
  }

  public boolean checkRequests() {
    return !onRequests.isEmpty();
  }

  /**
   * Checks the texts of a request.
   *
   * @return as many texts, perhaps changed; fails with {@code GUARDRAIL_BLOCKED} if the request may
   *     not pass
   */
  public Future<List<String>> request(String callId, List<String> texts) {
    return checked(onRequests, Moment.REQUEST, callId, texts);
  }

  /** Starts a call at a provider; the sink receives what may pass of the answer. */
  public ProviderCall start(
      String callId,
      Provider provider,
      ServedModel model,
      InferenceRequest request,
      AnswerSink sink) {
    if (onAnswers.isEmpty()) {
      return provider.start(model, request, sink);
    }
    if (request.client() != null && request.client().wire() == Wire.COMPLETIONS) {
      throw new ConcertException(
          ErrorCode.FORBIDDEN,
          "Guardrails check answers here, and cannot check those of /v1/completions. Use"
              + " /v1/chat/completions.");
    }
    request
        .form()
        .field()
        .ifPresent(
            field -> {
              throw new ConcertException(
                  ErrorCode.FORBIDDEN,
                  ClientField.of(field)
                      + ": guardrails check answers here, and can check only one answer in text."
                      + " Leave this field out.");
            });
    return GuardedCall.start(answer(callId), provider, model, request, sink);
  }

  private AnswerGuard answer(String callId) {
    return onAnswers.stream().allMatch(PatternGuardrail.class::isInstance)
        ? new StreamedAnswer(onAnswers.stream().map(PatternGuardrail.class::cast).toList())
        : new WholeAnswer(texts -> checked(onAnswers, Moment.ANSWER, callId, texts));
  }

  private static Future<List<String>> checked(
      List<Guardrail> guardrails, Moment moment, String callId, List<String> texts) {
    Future<List<String>> checked = Future.succeededFuture(texts);
    for (Guardrail one : guardrails) {
      checked = checked.compose(before -> one.check(moment, callId, before));
    }
    return checked;
  }
}
